import { type Diagnostic, error } from '../krm/diagnostic.ts'
import { describe } from '../krm/object.ts'
import { wildcardAddress } from './addressing.ts'
import type { MeshPort } from './service.ts'

/** More than these are counted, not named: with thousands of services the messages would outgrow the list. */
const namedAtMost = 20

/** No address and nobody's word: what a match by port number would capture, and how to make it safe. */
export function needsAddress(port: MeshPort, users: readonly MeshPort[], protocol: string): Diagnostic {
  const { service, number } = port
  const here = users.length <= 1 ? '' : ` (in this list: ${named(users, port)})`
  const why = `its listener's name holds an address, which ${unknownBecause(port)}, and matching by port number ${number} would put the ${protocol} filter before every service of the mesh on that port${here}`
  const ways = waysOut(port).map((way, i) => `\n  ${i + 1}. ${way}`)
  return error(
    port.place,
    `the address of ${service.hostname}:${number} must be known: ${why}. Ways out:${ways.join('')}`,
    {
      currentValue: number,
    },
  )
}

function unknownBecause({ service: { addressing } }: MeshPort): string {
  if (addressing.type === 'headless') return "for a headless service is each pod's own"
  if (addressing.type === 'unknown' && addressing.ranges.length > 0)
    return `the range ${addressing.ranges.join(', ')} does not say`
  return 'is not in this list'
}

function waysOut(port: MeshPort): readonly string[] {
  const { service, number } = port
  const { addressing, hostname, source } = service
  const name = source.ref.name
  const vouch = `vouch that every service of the mesh on port ${number} is in this list: MeshProfile \`spec: {matchByPort: [${number}]}\``
  if (service.kind === 'ServiceEntry')
    return [
      `give it an address that nothing else uses: ServiceEntry ${name} \`spec: {addresses: ["240.241.0.1"]}\``,
      `say the address that clients dial: MeshProfile \`spec: {addresses: {"${hostname}": ["240.241.0.1"]}}\``,
      vouch,
    ]
  if (addressing.type === 'headless')
    return [
      `make it a Service with an address: leave out \`clusterIP: None\` and say the address as below`,
      ...knownAddress(port),
      vouch,
    ]
  return [
    `pin the address: Service ${name} \`spec: {clusterIP: "10.96.0.10"}\` (${recipe(port)})`,
    ...knownAddress(port),
    vouch,
  ]
}

function knownAddress(port: MeshPort): readonly string[] {
  return [
    `say it: MeshProfile \`spec: {addresses: {"${port.service.hostname}": ["10.96.0.10"]}}\`, with what this prints: ${recipe(port)}`,
  ]
}

function recipe({ service: { namespace, source } }: MeshPort): string {
  return `kubectl get svc -n ${namespace} ${source.ref.name} -o jsonpath='{.spec.clusterIPs}'`
}

/** Ports behind one listener, and those of them that are of another protocol. */
export interface Collision {
  readonly users: readonly MeshPort[]
  readonly foreign: readonly MeshPort[]
  readonly protocol: string
}

/** A vouched number that somebody else in the list uses, in a way that one filter cannot serve. */
export function collidesByNumber(port: MeshPort, collision: Collision): Diagnostic {
  const { service, number, place } = port
  return error(
    place,
    `${service.hostname}:${number} must have an address: \`matchByPort\` vouches for port ${number}, but a match by number would also put the ${collision.protocol} filter before ${others(port, collision)}. Give it an address (${addressFix(port)}), or give them other port numbers`,
    { currentValue: number },
  )
}

/** Several services behind one listener, which the filter cannot tell apart. */
export function collidesByName(port: MeshPort, address: string, collision: Collision): Diagnostic {
  const { service, number, place } = port
  const isWildcard = address === wildcardAddress
  const shared = isWildcard
    ? `it has no address of its own, so its listener is the wildcard's (${address}_${number}), and that is`
    : `its listener ${address}_${number} is`
  return error(
    place,
    `${service.hostname}:${number} must have a listener of its own: ${shared} also that of ${others(port, collision)}. Give each its own address (${addressFix(port)})`,
    { currentValue: number },
  )
}

function others(port: MeshPort, { users, foreign, protocol }: Collision): string {
  const verb = foreign.length === 1 ? 'does' : 'do'
  const why =
    foreign.length === 0
      ? `, and ${protocol} calls do not say which service they are for`
      : foreign.length === users.length - 1
        ? `, which ${verb} not speak ${protocol}`
        : `, of which ${named(foreign)} ${verb} not speak ${protocol}`
  return `${named(users, port)}${why}`
}

function addressFix({ service }: MeshPort): string {
  return service.kind === 'ServiceEntry' ? '`spec.addresses`' : '`spec.clusterIP`, or `addresses` in the MeshProfile'
}

function named(ports: readonly MeshPort[], except?: MeshPort): string {
  // One more than is named, so that the exception costs none; a filter over all would be quadratic in the end.
  const shown = ports.slice(0, namedAtMost + 1).filter((port) => port !== except)
  const count = ports.length - (except === undefined ? 0 : 1)
  const names = shown
    .slice(0, namedAtMost)
    .map(({ service, name }) => `${service.hostname} (${describe(service.source.ref)}, port "${name}")`)
  return count > names.length ? `${names.join(', ')} and ${count - names.length} more` : names.join(', ')
}
