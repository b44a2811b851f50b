import type { Destination as WrittenDestination } from '../istio/virtual-service.ts'
import { type Diagnostic, error } from '../krm/diagnostic.ts'
import { below, describe, type Place } from '../krm/object.ts'
import { fail, map, type Outcome, ok } from '../krm/outcome.ts'
import { matchesOf } from './host-index.ts'
import { expandHost } from './hostname.ts'
import type { Destination } from './l7-port.ts'
import type { Mesh } from './mesh.ts'
import { policiesOf } from './policies.ts'
import type { MeshPort, MeshService } from './service.ts'
import { outboundCluster } from './subset-key.ts'

/** For whom a destination is resolved. */
export interface DestinationSite {
  readonly mesh: Mesh
  /** Of the object that names the destination: where a short host name is looked up. */
  readonly namespace: string
  readonly clients: readonly string[]
  /** The port that clients dialled, which a destination without one means if its host has it. */
  readonly dialled?: number
}

/** A destination as an existing cluster of istiod: the host in the list, its port, its subset. Its weight is not decided. */
export function resolveDestination(
  written: WrittenDestination,
  place: Place,
  site: DestinationSite,
): Outcome<Omit<Destination, 'weight'>> {
  return map(locate(written, place, site), ({ destination }) => destination)
}

/** The same, with the port of the list that it is. */
export function locate(written: WrittenDestination, place: Place, site: DestinationSite): Outcome<Located> {
  const { mesh, namespace } = site
  const { host, subset } = written
  const hostname = expandHost(host, namespace, mesh.profile.clusterDomain)
  const hostPlace = below(place, 'host')
  const service = mesh.byHost.get(hostname)?.at(0)
  if (service === undefined) return fail([unknownHost(host, hostname, hostPlace, mesh)])
  if (service.addressing.type === 'alias') {
    const message = `\`host\` must name a service with endpoints: ${describe(service.source.ref)} is an ExternalName, an alias without a cluster; name what it stands for`
    return fail([error(hostPlace, message, { currentValue: host })])
  }
  const number = portOf(written, service, site)
  if (typeof number !== 'number') return fail([error(place, number.message)])
  if (subset !== undefined) {
    const missing = missingSubset(subset, service, place, site)
    if (missing !== undefined) return fail([missing])
  }
  const port = service.ports.find((one) => one.number === number && one.istio !== 'udp')
  if (port === undefined) return fail([])
  return ok({
    port,
    destination: {
      place,
      hostname,
      port: number,
      cluster: outboundCluster(number, subset, hostname),
      ...(subset === undefined ? {} : { subset }),
    },
  })
}

export interface Located {
  readonly destination: Omit<Destination, 'weight'>
  readonly port: MeshPort
}

function unknownHost(host: string, hostname: string, place: Place, mesh: Mesh): Diagnostic {
  const [nearest, ...more] = mesh.near(hostname)
  const hint =
    nearest === undefined
      ? 'add its Service or ServiceEntry to the list'
      : `the nearest are ${[nearest, ...more].map((name) => `"${name}"`).join(', ')}`
  const message = `\`host\` must name a Service or ServiceEntry of the list; "${host}"${host === hostname ? '' : ` (${hostname})`} is none: ${hint}`
  return error(place, message, { currentValue: host, ...(nearest === undefined ? {} : { proposedValue: nearest }) })
}

/** pilot's rule: the port as written, else the only one there is, else the one with the number that clients dialled. */
function portOf(
  { port }: WrittenDestination,
  { hostname, ports }: MeshService,
  { dialled }: DestinationSite,
): number | { readonly message: string } {
  const numbers = [...new Set(ports.filter(({ istio }) => istio !== 'udp').map(({ number }) => number))]
  const choices = numbers.length === 0 ? 'it has none' : `it has ${numbers.sort((a, b) => a - b).join(', ')}`
  if (port !== undefined) {
    const { number } = port
    if (numbers.includes(number)) return number
    return { message: `\`port.number\` must be a TCP port of ${hostname}: ${number} is not, ${choices}` }
  }
  const [only, ...others] = numbers
  if (only !== undefined && others.length === 0) return only
  if (dialled !== undefined && numbers.includes(dialled)) return dialled
  const other = dialled === undefined ? '' : `, and not ${dialled}`
  return { message: `\`port.number\` must say which port of ${hostname} is meant: ${choices}${other}` }
}

function missingSubset(
  subset: string,
  service: MeshService,
  place: Place,
  { mesh, clients }: DestinationSite,
): Diagnostic | undefined {
  const { rules, subsets } = policiesOf(service, clients, mesh)
  if (subsets.some(({ name }) => name === subset)) return undefined
  const names = subsets.map(({ name }) => `"${name}"`).join(', ')
  const elsewhere = matchesOf(mesh.destinationRules, service.hostname)
    .flatMap(({ found }) => found)
    .filter((rule) => !rules.includes(rule) && rule.value.spec.subsets?.some(({ name }) => name === subset))
    .map(({ source }) => describe(source.ref))
  const there =
    rules.length === 0
      ? `no DestinationRule for ${service.hostname} applies`
      : `${rules.map(({ source }) => describe(source.ref)).join(' and ')} ${rules.length === 1 ? 'defines' : 'define'} ${names === '' ? 'none' : names}`
  const hidden =
    elsewhere.length === 0 ? '' : `; ${elsewhere.join(' and ')} has it, but applies to other clients or is outranked`
  return error(
    below(place, 'subset'),
    `\`subset\` must be one that a DestinationRule of ${service.hostname} defines; "${subset}" is not: ${there}${hidden}`,
    { currentValue: subset },
  )
}
