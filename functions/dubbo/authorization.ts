import {
  type Context,
  compare,
  type Diagnostic,
  type Diagnostics,
  describeInError,
  type InboundListener,
  type L7Port,
  type Listeners,
  namespaceIn,
  namespaceOf,
  portKey,
} from 'meltemi'
import type { DubboConfig } from './config.ts'
import { type Gathered, type Guard, guardOf, listed } from './guard.ts'
import { evadableRules, POLICY_KIND, type Policy, policyProblems } from './policy.ts'
import { guardsNothing, unguardable } from './uncovered.ts'

/** Every policy of the list: what guards each namespace, and what must be said. */
export interface Authorization {
  readonly guards: ReadonlyMap<string, Guard>
  /** Ports that policies demand a guard for and that cannot have one, by key, and the error that says why. */
  readonly unguardable: ReadonlyMap<string, Diagnostic>
  /** The policies that are enforced on some port. */
  readonly inForce: readonly Policy[]
  readonly diagnostics: Diagnostics
}

/** Every policy of the list, by namespace, and what must be said of each once. */
export function readAuthorization(
  listeners: Listeners,
  { objects, refused, profile }: Context<DubboConfig, undefined>,
): Authorization {
  const ports = [...listeners.outbound, ...listeners.inbound].flatMap((listener) => listener.ports)
  const home = new Set(ports.map(({ namespace }) => namespace))
  const byNamespace = new Map<string, Gathered>()
  const gathered = (namespace: string) => {
    const found = byNamespace.get(namespace) ?? { policies: [], demanding: new Set(), inError: new Set() }
    byNamespace.set(namespace, found)
    return found
  }
  const diagnostics: Diagnostic[] = []
  for (const policy of objects.toSorted((a, b) => compare(a.source.ref.name, b.source.ref.name))) {
    const namespace = namespaceOf(policy.source.ref)
    const name = describeInError(policy.source, POLICY_KIND.kind)
    const { policies, demanding, inError } = gathered(namespace)
    policies.push(policy)
    demanding.add(name)
    const problems = policyProblems(policy)
    // Which of those that stand there twice holds cannot be known.
    if (problems.length > 0 || policy.again !== undefined) inError.add(name)
    diagnostics.push(...problems)
    if (problems.length === 0 && profile.mtls !== 'strict') diagnostics.push(...evadableRules(policy))
    if (!home.has(namespace)) diagnostics.push(guardsNothing(policy, namespace, profile.rootNamespace))
  }
  for (const object of refused) {
    const namespace = namespaceIn(object)
    const name = describeInError(object.source, POLICY_KIND.kind)
    // A policy guards its own namespace; one whose namespace cannot be read may guard any.
    for (const one of namespace === undefined ? home : [namespace]) {
      gathered(one).demanding.add(name)
      gathered(one).inError.add(name)
    }
  }
  const guards = new Map([...byNamespace].map(([namespace, found]) => [namespace, guardOf(found)]))
  const guarded = new Set(listeners.inbound.filter(({ isSniffed }) => !isSniffed).map(({ namespace }) => namespace))
  return {
    guards,
    unguardable: unguardable(listeners, guards),
    inForce: objects.filter(({ source: { ref } }) => {
      const namespace = namespaceOf(ref)
      return guards.get(namespace)?.inError.length === 0 && guarded.has(namespace)
    }),
    diagnostics,
  }
}

/** The guard of a provider's port, from the policies of its namespace; none where it cannot have one. */
export function guardAt({ namespace, isSniffed }: InboundListener, { guards }: Authorization): Guard | undefined {
  return isSniffed ? undefined : guards.get(namespace)
}

/** Whether clients of a port get no filter, since the rule that was written for it does not hold there. */
export function isWithoutRule(port: L7Port, authorization: Authorization): boolean {
  return inErrorOf(port, authorization) !== undefined || authorization.unguardable.has(portKey(port))
}

/** The policies in error of a port's namespace, in words. */
export function inErrorOf({ namespace }: L7Port, { guards }: Authorization): string | undefined {
  const inError = guards.get(namespace)?.inError ?? []
  return inError.length === 0 ? undefined : listed(inError)
}
