import {
  at,
  type Context,
  compare,
  type Diagnostic,
  type Diagnostics,
  describe,
  error,
  fail,
  type InboundListener,
  type L7Port,
  type Listeners,
  type NetworkFilter,
  namespaceOf,
  type Outcome,
  ok,
  typeUrl,
} from 'meltemi'
import type { DubboConfig } from './config.ts'
import { evadableRules, type Policy, policyProblems, specOf } from './policy.ts'
import { type Principal, principalsOf } from './principals.ts'

const NETWORK_RBAC_TYPE = typeUrl('envoy.extensions.filters.network.rbac.v3.RBAC')

/** The policies of a namespace, which guard all its Dubbo ports together. */
interface Guard {
  readonly policies: readonly Policy[]
  /** Absent: a policy is broken, and what the others say would be less than was asked for. */
  readonly filters?: readonly NetworkFilter[]
}

/** Every policy of the list, by namespace, and what must be said of each once. */
export interface Authorization {
  readonly guards: ReadonlyMap<string, Guard>
  readonly diagnostics: Diagnostics
}

interface RbacPolicy {
  readonly permissions: readonly [{ readonly any: true }]
  readonly principals: readonly Principal[]
}

export function readAuthorization({ objects, profile }: Context<DubboConfig, undefined>): Authorization {
  const sorted = objects.toSorted((a, b) => compare(a.source.ref.name, b.source.ref.name))
  const byNamespace = new Map<string, Policy[]>()
  const broken = new Set<string>()
  const diagnostics: Diagnostic[] = []
  for (const policy of sorted) {
    const namespace = namespaceOf(policy.source.ref)
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), policy])
    const problems = policyProblems(policy)
    if (problems.length > 0) broken.add(namespace)
    diagnostics.push(...problems)
    if (problems.length === 0 && profile.mtls !== 'strict') diagnostics.push(...evadableRules(policy))
  }
  const guards = [...byNamespace].map(([namespace, policies]): readonly [string, Guard] => [
    namespace,
    broken.has(namespace) ? { policies } : { policies, filters: rbacFilters(policies) },
  ])
  return { guards: new Map(guards), diagnostics }
}

/** The network RBAC filters of a provider's port, from the policies of its namespace. */
export function authorizationFilters(
  { namespace, isSniffed, ports: [port] }: InboundListener,
  { prepared: { guards } }: Context<DubboConfig, Authorization>,
): Outcome<readonly NetworkFilter[]> {
  const guard = guards.get(namespace)
  if (guard === undefined) return ok([])
  if (isSniffed) return fail([unguarded(port, guard)])
  return guard.filters === undefined ? fail([]) : ok(guard.filters)
}

/**
 * DENY before ALLOW. A stock proxy knows who calls (mutual TLS) but not what: dubbo_proxy tells RBAC neither interface nor
 * method.
 */
function rbacFilters(policies: readonly Policy[]): readonly NetworkFilter[] {
  return (['DENY', 'ALLOW'] as const).flatMap((action) => {
    const acting = policies.filter((policy) => (specOf(policy).action ?? 'ALLOW') === action)
    const rules = Object.fromEntries(acting.flatMap(rbacPolicies))
    // DENY without a rule denies nothing; ALLOW without a rule allows nothing, and that must be said.
    return acting.length === 0 || (action === 'DENY' && Object.keys(rules).length === 0)
      ? []
      : [networkRbac(action, rules)]
  })
}

function rbacPolicies(policy: Policy): readonly (readonly [string, RbacPolicy])[] {
  return (specOf(policy).rules ?? []).map(({ from = [] }, index) => {
    const principals = from.length === 0 ? [{ any: true } as const] : from.map(({ source }) => principalsOf(source))
    const name = `ns[${namespaceOf(policy.source.ref)}]-policy[${policy.source.ref.name}]-rule[${index}]`
    return [name, { permissions: [{ any: true }], principals }]
  })
}

function networkRbac(action: 'ALLOW' | 'DENY', policies: Readonly<Record<string, RbacPolicy>>): NetworkFilter {
  return {
    name: 'envoy.filters.network.rbac',
    typed_config: {
      '@type': NETWORK_RBAC_TYPE,
      stat_prefix: `dubbo_${action.toLowerCase()}_`,
      rules: { action, policies },
    },
  }
}

/** What no filter carries: policies without a Dubbo port in their namespace, and ports that cannot be guarded. */
export function uncovered(
  { outbound, inbound }: Listeners,
  { prepared: { guards }, profile }: Context<DubboConfig, Authorization>,
): Diagnostics {
  const covered = new Set(inbound.flatMap(({ ports }) => ports.map(key)))
  const ports = new Map(outbound.flatMap((listener) => listener.ports.map((port) => [key(port), port])))
  const open = [...ports.values()].filter((port) => !covered.has(key(port)))
  const home = new Set([...inbound, ...open].map(({ namespace }) => namespace))
  return [
    ...open.flatMap((port) => {
      const guard = guards.get(port.namespace)
      return guard === undefined ? [] : [cannotGuard(port, guard)]
    }),
    ...[...guards]
      .filter(([namespace]) => !home.has(namespace))
      .flatMap(([namespace, { policies }]) =>
        policies.map((policy) => guardsNothing(policy, namespace, profile.rootNamespace)),
      ),
  ]
}

function key(port: L7Port): string {
  return `${port.hostname}:${port.number}`
}

/** Rendered without a word or with a warning it would look like a rule that is in force. */
function guardsNothing({ source }: Policy, namespace: string, rootNamespace: string): Diagnostic {
  const everywhere = namespace === rootNamespace ? '; the root namespace is one like any other to this kind' : ''
  const message =
    `guards nothing: a policy guards the Dubbo ports of its own namespace, and \`${namespace}\` has none in the list${everywhere}. ` +
    'Give it the namespace of the services that it is for, add them to the list, or remove it'
  return error(at(source, 'metadata.namespace'), message, { currentValue: namespace })
}

function cannotGuard({ hostname, number, place }: L7Port, guard: Guard): Diagnostic {
  const message =
    `${hostname}:${number} cannot be guarded as ${named(guard)}: no sidecar and container port are known to do it. The service needs a selector ` +
    '(`spec.selector`, `spec.workloadSelector`), one container port for all workloads that it selects, and no port of another protocol there'
  return error(place, message)
}

/** Beside the TCP chain that a filter guards, a port whose protocol istiod guesses has one that it does not. */
function unguarded({ hostname, number, name, place }: L7Port, guard: Guard): Diagnostic {
  const message =
    `${hostname}:${number} cannot be guarded as ${named(guard)}: Istio guesses the protocol of port "${name}" and lets what looks like HTTP pass by ` +
    'another filter chain; name the port `tcp-dubbo` (a Service) or give it `protocol: TCP` (a ServiceEntry)'
  return error(place, message)
}

function named({ policies }: Guard): string {
  const [first, ...others] = policies.map(({ source }) => describe(source.ref))
  return others.length === 0 ? `${first} demands` : `${first} and ${others.length} more demand`
}
