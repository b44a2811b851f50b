import type { JsonObject, Resource } from '../control-plane.ts'
import { canonical, isObject, listAt, numberAt, objectAt, stringsAt, textAt } from '../json.ts'

/** Everything that all proxies are sent, by proxy, kind and name. */
export type Snapshot = ReadonlyMap<string, Sent>

/** A resource that exists. */
export interface Sent extends Resource {
  readonly value: JsonObject
}

export function keyOf({ proxy, kind, name }: Pick<Resource, 'proxy' | 'kind' | 'name'>): string {
  return `${proxy}\n${kind}\n${name}`
}

export function snapshot(resources: readonly Resource[]): Snapshot {
  return withChanges(new Map(), resources)
}

/** The snapshot after a step. */
export function withChanges(before: Snapshot, changes: readonly Resource[]): Snapshot {
  const after = new Map(before)
  for (const change of changes) {
    if (change.value === null) after.delete(keyOf(change))
    else after.set(keyOf(change), { ...change, value: change.value })
  }
  return after
}

/** A filter chain of a listener, with a name that a person can find it by. */
export interface Chain {
  readonly label: string
  readonly destinationPort?: number
  readonly match: JsonObject
  readonly filters: readonly JsonObject[]
  readonly value: JsonObject
}

/** All chains in order; the default chain is the last. */
export function chainsOf(listener: JsonObject): readonly Chain[] {
  const chains = listAt(listener, 'filter_chains').filter(isObject)
  const fallback = listener.default_filter_chain
  return [...chains.map(chain), ...(isObject(fallback) ? [{ ...chain(fallback), label: 'default chain' }] : [])]
}

function chain(value: JsonObject): Chain {
  const match = objectAt(value, 'filter_chain_match')
  const destinationPort = numberAt(match, 'destination_port')
  return {
    label: labelOf(value, match),
    ...(destinationPort === undefined ? {} : { destinationPort }),
    match,
    filters: listAt(value, 'filters').filter(isObject),
    value,
  }
}

function labelOf(value: JsonObject, match: JsonObject): string {
  const name = textAt(value, 'name')
  const protocols = stringsAt(match, 'application_protocols')
  const transport = textAt(match, 'transport_protocol')
  const tls =
    transport === 'tls' ? (protocols.length > 0 ? 'mTLS' : 'TLS') : transport === 'raw_buffer' ? 'plain' : undefined
  return [name === undefined ? 'chain' : `chain ${name}`, ...(tls === undefined ? [] : [`(${tls})`])].join(' ')
}

/** Chains that differ, as pairs; a chain that has gone or come has no partner. */
export function changedChains(
  before: JsonObject | undefined,
  after: JsonObject,
): readonly (readonly [Chain | undefined, Chain])[] {
  const old = before === undefined ? [] : chainsOf(before)
  return chainsOf(after).flatMap((now, index) => {
    const was = old[index]
    return was !== undefined && canonical(was.value) === canonical(now.value) ? [] : [[was, now] as const]
  })
}

/** What a listener has beside its filter chains. */
export function withoutChains(listener: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(listener).filter(([key]) => key !== 'filter_chains' && key !== 'default_filter_chain'),
  )
}
