import { compare } from '../krm/compare.ts'
import { groupBy, groupByEach } from '../krm/group.ts'
import type { L7Port, ListenerMatch, OutboundListener } from './l7-port.ts'
import type { MeshPort } from './service.ts'

/** A port of the protocol, as istiod sees it and as the protocol will. */
export interface BoundPort {
  readonly port: MeshPort
  readonly l7: L7Port
}

/** Listeners that one filter stands at, and the ports behind them. */
export interface Group {
  readonly matches: readonly ListenerMatch[]
  readonly ports: readonly BoundPort[]
}

/**
 * Where each namespace's clients see other ports behind a listener, each set gets its own filter. One port that
 * everybody sees brings all into the root namespace: a second filter on the same listener would be ignored there.
 */
export function byClients({ matches, ports }: Group, rootNamespace: string): readonly OutboundListener[] {
  const seenBy = groupByEach(ports, ({ l7 }) => l7.clientNamespaces)
  if (seenBy.has(rootNamespace)) return listener(matches, ports, [rootNamespace])
  const sets = groupBy(seenBy, ([, seen]) => seen.map(({ l7 }) => l7.hostname).join(' '))
  return [...sets.values()].flatMap((set) => {
    // All of a set see the same ports.
    const seen = set.at(0)?.[1] ?? []
    return listener(matches, seen, set.map(([namespace]) => namespace).sort(compare))
  })
}

function listener(
  matches: readonly ListenerMatch[],
  bound: readonly BoundPort[],
  clientNamespaces: readonly string[],
): readonly OutboundListener[] {
  const [first, ...rest] = bound.map(({ l7 }) => l7)
  if (first === undefined) return []
  return [{ matches: [...matches].sort(byMatch), ports: [first, ...rest], clientNamespaces }]
}

function byMatch(a: ListenerMatch, b: ListenerMatch): number {
  return a.kind === 'name' && b.kind === 'name' ? compare(a.name, b.name) : compare(a.kind, b.kind)
}

/** By host, port and clients, whatever order the input had. */
export function byLeadPort(a: OutboundListener, b: OutboundListener): number {
  const [x, y] = [a.ports[0], b.ports[0]]
  return (
    compare(x.hostname, y.hostname) ||
    x.number - y.number ||
    compare(a.clientNamespaces.join(' '), b.clientNamespaces.join(' '))
  )
}
