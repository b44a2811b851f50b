import type { Resource } from '../control-plane.ts'
import { leaves, objectAt, textAt } from '../json.ts'
import { named } from '../view/manifest.ts'
import { describeChange, type Effect } from './effects.ts'
import type { Finding } from './finding.ts'
import { type Chain, changedChains, keyOf } from './snapshot.ts'

/** Whether each chain that a patch touched has become what the patch says: the filter there, in its place, in full. */
export function shapeFindings(all: readonly Effect[]): readonly Finding[] {
  return all.flatMap((effect) => {
    const operation = textAt(effect.patch.value, 'patch', 'operation')
    const applyTo = textAt(effect.patch.value, 'applyTo')
    if (applyTo === 'CLUSTER') return clusterFindings(effect)
    if (applyTo !== 'NETWORK_FILTER') return []
    const listeners = effect.changes.filter(({ kind }) => kind === 'listener')
    return listeners.flatMap((change) =>
      chainPairs(effect, change).flatMap(([was, now]) => {
        const fault = chainFault(operation, objectAt(effect.patch.value, 'patch', 'value'), was, now)
        return fault === undefined ? [] : [finding(effect, change, fault)]
      }),
    )
  })
}

function chainPairs(effect: Effect, change: Resource): readonly (readonly [Chain | undefined, Chain])[] {
  return change.value === null ? [] : changedChains(effect.before.get(keyOf(change))?.value, change.value)
}

const TCP_PROXY = 'envoy.filters.network.tcp_proxy'
/** Filters of which a chain may have several: each decides for itself whether a connection goes on. */
const REPEATABLE = ['envoy.filters.network.rbac', 'envoy.filters.network.local_ratelimit']

function chainFault(
  operation: string | undefined,
  value: unknown,
  was: Chain | undefined,
  now: Chain,
): string | undefined {
  const names = now.filters.map((filter) => textAt(filter, 'name') ?? '')
  const old = was?.filters.map((filter) => textAt(filter, 'name') ?? '') ?? []
  const name = textAt(value, 'name') ?? ''
  const twice = names.find((one, index) => names.indexOf(one) !== index && !REPEATABLE.includes(one))
  if (twice !== undefined) return `has \`${twice}\` twice`
  if (operation === 'REPLACE' && names.at(-1) !== name) return `must end with \`${name}\`, and is ${names.join(', ')}`
  if (operation === 'REPLACE' && names.includes(TCP_PROXY) && name !== TCP_PROXY) return 'still has `tcp_proxy`'
  if (operation?.startsWith('INSERT') && names.length !== old.length + 1)
    return `must have one filter more than ${old.join(', ')}`
  if (operation?.startsWith('INSERT') && old.at(-1) !== names.at(-1)) return `must still end with \`${old.at(-1)}\``
  const candidates = now.filters.filter((one) => textAt(one, 'name') === name)
  if (candidates.length === 0) return `must have \`${name}\`, and is ${names.join(', ')}`
  const missing = candidates.map((one) => missingText(value, one))
  return missing.includes(undefined) ? undefined : missing[0]
}

/** Every string of the patch must have arrived: istiod drops what it does not know. */
function missingText(wanted: unknown, got: unknown): string | undefined {
  const arrived = new Set(leaves(got))
  const lost = leaves(wanted).find((text) => !arrived.has(text) && !isPrintedOtherwise(text))
  return lost === undefined ? undefined : `has lost ${JSON.stringify(lost)} of the patch`
}

/** Durations get another number of digits (`0.500s`), and an enumeration's zero value (`ALLOW`) is left out. */
function isPrintedOtherwise(text: string): boolean {
  return /^\d+(\.\d+)?s$/.test(text) || /^[A-Z][A-Z0-9_]*$/.test(text)
}

function clusterFindings(effect: Effect): readonly Finding[] {
  if (textAt(effect.patch.value, 'patch', 'operation') === 'REMOVE') return []
  const value = objectAt(effect.patch.value, 'patch', 'value')
  return effect.changes.flatMap((change) => {
    const fault = change.kind === 'cluster' && change.value !== null ? missingText(value, change.value) : undefined
    return fault === undefined ? [] : [finding(effect, change, fault)]
  })
}

function finding(effect: Effect, change: Resource, fault: string): Finding {
  const { filter, index } = effect.patch
  const where = `${describeChange(change, effect.before)} of ${change.proxy}`
  return { check: 'shape', message: `${named(filter)} patch ${index}: ${where} ${fault}` }
}

/** Names of clusters that the patches' filters send calls to: any string of theirs that names a cluster of istiod's. */
export function clustersNamed(all: readonly Effect[]): ReadonlySet<string> {
  const filters = all.filter(({ patch }) => textAt(patch.value, 'applyTo') !== 'CLUSTER')
  const named = filters.flatMap(({ patch }) => leaves(objectAt(patch.value, 'patch', 'value')))
  return new Set(named.filter((text) => /^(in|out)bound\|/.test(text)))
}
