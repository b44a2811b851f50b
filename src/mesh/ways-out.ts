import { type Diagnostic, error } from '../krm/diagnostic.ts'
import { describe } from '../krm/object.ts'
import type { ListenerRules } from './listeners.ts'
import { selects } from './selection.ts'
import { type MeshPort, wildcardAddress } from './service.ts'

/** More than these are counted, not named: with thousands of services the messages would outgrow the list. */
const namedAtMost = 20

/** No address and nobody's word: what a match by port number would capture, and how to make it safe. */
export function needsAddress(port: MeshPort, users: readonly MeshPort[], protocol: string): Diagnostic {
  const { service, number } = port
  const others = users.filter((user) => user !== port)
  const here = others.length === 0 ? '' : ` (in this list: ${named(others)})`
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

/** A vouched number that somebody else in the list uses, in a way that one filter cannot serve. */
export function collidesByNumber(port: MeshPort, users: readonly MeshPort[], rules: ListenerRules): Diagnostic {
  const others = users.filter((user) => user !== port)
  const message = `${port.service.hostname}:${port.number} must have an address: \`matchByPort\` vouches for port ${port.number}, but a match by number would also put the ${rules.name} filter before ${named(others)}${reason(others, rules)}. Give it an address (${addressFix(port)}), or give them other port numbers`
  return error(port.place, message, { currentValue: port.number })
}

/** Two services behind one listener, which the filter cannot tell apart. */
export function collidesByName(
  port: MeshPort,
  address: string,
  occupants: readonly MeshPort[],
  rules: ListenerRules,
): Diagnostic {
  const others = occupants.filter((user) => user !== port)
  const shared =
    address === wildcardAddress
      ? `it has no address of its own, so its listener is the wildcard's (${address}_${port.number})`
      : `its listener ${address}_${port.number}`
  const message = `${port.service.hostname}:${port.number} must have a listener of its own: ${shared} ${address === wildcardAddress ? 'and is' : 'is'} also that of ${named(others)}${reason(others, rules)}. Give each its own address (${addressFix(port)})`
  return error(port.place, message, { currentValue: address })
}

function reason(others: readonly MeshPort[], { name }: ListenerRules): string {
  const foreign = others.filter((other) => !selects(name, other))
  const verb = foreign.length === 1 ? 'does' : 'do'
  if (foreign.length === 0) return `, and ${name} calls do not say which service they are for`
  if (foreign.length === others.length) return `, which ${verb} not speak ${name}`
  return `, of which ${named(foreign)} ${verb} not speak ${name}`
}

function addressFix({ service }: MeshPort): string {
  return service.kind === 'ServiceEntry' ? '`spec.addresses`' : '`spec.clusterIP`, or `addresses` in the MeshProfile'
}

function named(ports: readonly MeshPort[]): string {
  const names = ports
    .slice(0, namedAtMost)
    .map(({ service, name }) => `${service.hostname} (${describe(service.source.ref)}, port "${name}")`)
  return ports.length > namedAtMost ? `${names.join(', ')} and ${ports.length - namedAtMost} more` : names.join(', ')
}
