import { compare } from '../krm/compare.ts'
import { type Diagnostic, info } from '../krm/diagnostic.ts'
import { type Outcome, remark } from '../krm/outcome.ts'
import type { L7Port, ListenerMatch, OutboundListener } from './l7-port.ts'
import type { Mesh } from './mesh.ts'
import { selects } from './selection.ts'
import { type MeshPort, wildcardAddress } from './service.ts'
import { collidesByName, collidesByNumber, needsAddress } from './ways-out.ts'

/** What decides the listeners of a protocol's ports. */
export interface ListenerRules {
  readonly name: string
  /** Whether one filter serves several services on one listener. */
  readonly sharesListeners: boolean
}

/** A port of the protocol, as istiod sees it and as the protocol will. */
export interface BoundPort {
  readonly port: MeshPort
  readonly l7: L7Port
}

/**
 * The listener decision table. A TCP listener is named after an address and a port and says nothing else, so an
 * address is the rule: a port number matches every service of the mesh that uses it, and needs the user's word.
 *
 * | what is known                                                      | match                       |
 * |--------------------------------------------------------------------|-----------------------------|
 * | addresses                                                          | each, by name               |
 * | none, number vouched for, nobody else in the list uses it          | by number, said             |
 * | none, vouched for, shared within a protocol that shares listeners  | one filter by number, said  |
 * | none, vouched for, otherwise shared                                | error                       |
 * | none, not vouched for                                              | error, with the ways out    |
 * | headless                                                           | as none                     |
 */
export function outboundListeners(
  bound: readonly BoundPort[],
  mesh: Mesh,
  rules: ListenerRules,
): Outcome<readonly OutboundListener[]> {
  const diagnostics: Diagnostic[] = []
  const listeners: OutboundListener[] = []
  for (const [number, ports] of byNumber(bound)) {
    const decided = decide(number, ports, mesh, rules)
    listeners.push(...decided.groups.flatMap((group) => byClients(group, mesh.profile.rootNamespace)))
    diagnostics.push(...decided.diagnostics)
  }
  return remark(listeners.sort(byLeadPort), diagnostics)
}

/** Listeners that one filter stands at, and the ports behind them. */
interface Group {
  readonly matches: readonly ListenerMatch[]
  readonly ports: readonly BoundPort[]
}

interface Decision {
  readonly groups: readonly Group[]
  readonly diagnostics: readonly Diagnostic[]
}

function decide(number: number, ports: readonly BoundPort[], mesh: Mesh, rules: ListenerRules): Decision {
  const unnamed = ports.filter(({ port }) => vipsOf(port).length === 0)
  const named = ports.filter(({ port }) => vipsOf(port).length > 0)
  const users = mesh.byNumber.get(number) ?? []
  if (unnamed.length === 0) return byName(number, named, users, rules)
  if (!mesh.profile.matchByPort.includes(number)) {
    const rest = byName(number, named, users, rules)
    return also(
      rest,
      unnamed.map(({ port }) => needsAddress(port, users, rules.name)),
    )
  }
  const shareable = rules.sharesListeners && users.every((user) => selects(rules.name, user))
  if (users.length === 1 || shareable) {
    const group: Group = { matches: [{ kind: 'portNumber', portNumber: number }], ports }
    return {
      groups: [group],
      diagnostics: ports.filter((one) => unnamed.includes(one)).map(({ port }) => vouched(port, ports.length)),
    }
  }
  const rest = byName(number, named, users, rules)
  return also(
    rest,
    unnamed.map(({ port }) => collidesByNumber(port, users, rules)),
  )
}

function also({ groups, diagnostics }: Decision, more: readonly Diagnostic[]): Decision {
  return { groups, diagnostics: [...diagnostics, ...more] }
}

/** One patch for each address; addresses that lead to the same ports share a filter. */
function byName(
  number: number,
  ports: readonly BoundPort[],
  users: readonly MeshPort[],
  rules: ListenerRules,
): Decision {
  const diagnostics: Diagnostic[] = []
  const groups = new Map<string, { readonly matches: ListenerMatch[]; readonly ports: readonly BoundPort[] }>()
  const occupants = groupBy(users, addressesOf)
  for (const [address, here] of groupBy(ports, ({ port }) => vipsOf(port))) {
    const all = occupants.get(address) ?? []
    const shared = all.length > 1 && !(rules.sharesListeners && all.every((user) => selects(rules.name, user)))
    if (shared) {
      diagnostics.push(...here.map(({ port }) => collidesByName(port, address, all, rules)))
      continue
    }
    const key = here.map(({ port }) => port.service.hostname).join(' ')
    const match: ListenerMatch = { kind: 'name', name: `${address}_${number}`, address }
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { matches: [match], ports: here })
    else group.matches.push(match)
  }
  return { groups: [...groups.values()], diagnostics }
}

function vouched(port: MeshPort, sharing: number): Diagnostic {
  const shared =
    sharing > 1 ? `, in one filter with the ${sharing - 1} other port${sharing === 2 ? '' : 's'} of that number` : ''
  return info(
    port.place,
    `${port.service.hostname}:${port.number} is matched by its port number${shared}: it has no address here, and \`matchByPort\` vouches that every service of the mesh on port ${port.number} is in this list`,
    { currentValue: port.number },
  )
}

/**
 * Where each namespace's clients see other ports behind a listener, each set gets its own filter. One port that
 * everybody sees brings all into the root namespace: a second filter on the same listener would be ignored there.
 */
function byClients({ matches, ports }: Group, rootNamespace: string): readonly OutboundListener[] {
  const namespaces = [...new Set(ports.flatMap(({ l7 }) => l7.clientNamespaces))].sort(compare)
  if (namespaces.includes(rootNamespace)) return listener(matches, ports, [rootNamespace])
  const sets = new Map<string, { readonly ports: readonly BoundPort[]; readonly clients: string[] }>()
  for (const namespace of namespaces) {
    const seen = ports.filter(({ l7 }) => l7.clientNamespaces.includes(namespace))
    const key = seen.map(({ l7 }) => l7.hostname).join(' ')
    const set = sets.get(key)
    if (set === undefined) sets.set(key, { ports: seen, clients: [namespace] })
    else set.clients.push(namespace)
  }
  return [...sets.values()].flatMap((set) => listener(matches, set.ports, set.clients))
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

function vipsOf({ service: { addressing } }: MeshPort): readonly string[] {
  return addressing.type === 'vips' ? addressing.vips : []
}

/** The addresses whose listeners a port takes part in: HTTP of any address, and CIDR ranges, are on the wildcard's. */
function addressesOf(port: MeshPort): readonly string[] {
  const { addressing } = port.service
  const ranges = addressing.type === 'vips' || addressing.type === 'unknown' ? addressing.ranges : []
  // Without DNS capture in the proxy, a ServiceEntry without addresses is on the wildcard as well.
  const floating = port.service.kind === 'ServiceEntry' && addressing.type === 'unknown'
  const onWildcard = port.istio === 'http' || ranges.length > 0 || floating
  return [...new Set([...vipsOf(port), ...(onWildcard ? [wildcardAddress] : [])])]
}

function groupBy<A>(items: readonly A[], keys: (item: A) => readonly string[]): ReadonlyMap<string, readonly A[]> {
  const groups = new Map<string, A[]>()
  for (const item of items) {
    for (const key of keys(item)) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [item])
      else group.push(item)
    }
  }
  return groups
}

function byNumber(bound: readonly BoundPort[]): readonly (readonly [number, readonly BoundPort[]])[] {
  const groups = new Map<number, BoundPort[]>()
  for (const one of bound) {
    const group = groups.get(one.port.number)
    if (group === undefined) groups.set(one.port.number, [one])
    else group.push(one)
  }
  return [...groups].sort(([a], [b]) => a - b)
}

function byMatch(a: ListenerMatch, b: ListenerMatch): number {
  return a.kind === 'name' && b.kind === 'name' ? compare(a.name, b.name) : compare(a.kind, b.kind)
}

function byLeadPort(a: OutboundListener, b: OutboundListener): number {
  const [x, y] = [a.ports[0], b.ports[0]]
  return (
    compare(x.hostname, y.hostname) ||
    x.number - y.number ||
    compare(a.clientNamespaces.join(' '), b.clientNamespaces.join(' '))
  )
}
