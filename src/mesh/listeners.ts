import { type Diagnostic, info, warning } from '../krm/diagnostic.ts'
import { groupBy, groupByEach } from '../krm/group.ts'
import { type Outcome, remark } from '../krm/outcome.ts'
import { wildcardAddress } from './addressing.ts'
import { type BoundPort, byClients, byLeadPort, type Group } from './client-listeners.ts'
import { isHttp } from './istio-protocol.ts'
import type { ListenerMatch, OutboundListener } from './l7-port.ts'
import type { Mesh } from './mesh.ts'
import { selects } from './selection.ts'
import type { MeshPort } from './service.ts'
import { type Collision, collidesByName, collidesByNumber, needsAddress } from './ways-out.ts'

/** What decides the listeners of a protocol's ports. */
export interface ListenerRules {
  readonly name: string
  /** Whether one filter serves several services on one listener. */
  readonly sharesListeners: boolean
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
  const exported = bound.filter(({ l7 }) => l7.clientNamespaces.length > 0)
  for (const [number, ports] of groupBy(exported, ({ port }) => port.number)) {
    const decided = decide(number, ports, mesh, rules)
    listeners.push(...decided.groups.flatMap((group) => byClients(group, mesh.profile.rootNamespace)))
    diagnostics.push(...decided.diagnostics)
  }
  return remark(listeners.sort(byLeadPort), diagnostics)
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
  const collision = collisionOf(users, rules)
  if (collision === undefined) {
    const group: Group = { matches: [{ kind: 'portNumber', portNumber: number }], ports }
    return {
      groups: [group],
      diagnostics: ports.filter((one) => unnamed.includes(one)).map(({ port }) => vouched(port, ports.length)),
    }
  }
  const rest = byName(number, named, users, rules)
  return also(
    rest,
    unnamed.map(({ port }) => collidesByNumber(port, collision)),
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
  const diagnostics: Diagnostic[] = ports.flatMap(({ port }) => outOfReach(port))
  const groups = new Map<string, { readonly matches: ListenerMatch[]; readonly ports: readonly BoundPort[] }>()
  const occupants = groupByEach(users, addressesOf)
  for (const [address, here] of groupByEach(ports, ({ port }) => vipsOf(port))) {
    const collision = collisionOf(occupants.get(address) ?? [], rules)
    if (collision !== undefined) {
      diagnostics.push(...here.map(({ port }) => collidesByName(port, address, collision)))
      continue
    }
    const key = here.map(({ port }) => port.service.hostname).join(' ')
    const match: ListenerMatch = { kind: 'name', name: `${address}_${number}` }
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { matches: [match], ports: here })
    else group.matches.push(match)
  }
  return { groups: [...groups.values()], diagnostics }
}

/** Ports on one listener that no filter of the protocol can serve together. */
function collisionOf(users: readonly MeshPort[], { name, sharesListeners }: ListenerRules): Collision | undefined {
  const foreign = users.filter((user) => !selects(name, user))
  return users.length <= 1 || (sharesListeners && foreign.length === 0) ? undefined : { users, foreign, protocol: name }
}

/** Beside single addresses, a range has a listener that several services may share, and no name to find it by. */
function outOfReach({ place, service: { addressing, hostname } }: MeshPort): readonly Diagnostic[] {
  if (addressing.type !== 'vips' || addressing.ranges.length === 0) return []
  const message = `clients that dial ${hostname} at ${addressing.ranges.join(', ')} get no filter: only single addresses have a listener of their own`
  return [warning(place, message)]
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

function vipsOf({ service: { addressing } }: MeshPort): readonly string[] {
  return addressing.type === 'vips' ? addressing.vips : []
}

/** The addresses whose listeners a port takes part in: HTTP of any address, and CIDR ranges, are on the wildcard's. */
function addressesOf(port: MeshPort): readonly string[] {
  const { addressing } = port.service
  const ranges = addressing.type === 'vips' || addressing.type === 'unknown' ? addressing.ranges : []
  // Without DNS capture in the proxy, a ServiceEntry without addresses is on the wildcard as well.
  const floating = port.service.kind === 'ServiceEntry' && addressing.type === 'unknown'
  const onWildcard = isHttp(port.istio) || ranges.length > 0 || floating
  return [...new Set([...vipsOf(port), ...(onWildcard ? [wildcardAddress] : [])])]
}
