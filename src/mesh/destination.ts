import type { Destination as WrittenDestination } from '../istio/virtual-service.ts'
import { type Diagnostic, error } from '../krm/diagnostic.ts'
import { below, describe, type Place } from '../krm/object.ts'
import { fail, type Outcome, ok } from '../krm/outcome.ts'
import { outboundCluster } from './cluster-name.ts'
import { enumerate } from './enumerate.ts'
import { matchesOf } from './host-index.ts'
import { expandHost } from './hostname.ts'
import { leadsToHttp } from './http-destination.ts'
import { isHttp } from './istio-protocol.ts'
import type { Target } from './l7-port.ts'
import type { Mesh } from './mesh.ts'
import { policiesOf } from './policies.ts'
import type { MeshPort, MeshService } from './service.ts'
import { covers, resolveScope } from './visibility.ts'

/** Who names a destination, and whose clients will go there. */
export interface DestinationSite {
  readonly mesh: Mesh
  /** Of the object that names the destination: a short host name means a Service there. */
  readonly namespace: string
  readonly clients: readonly string[]
  /** The port that clients dial: what a destination without a port means, if its host has that one among several. */
  readonly dialled?: number
  /** How the object spells the port. Default `port.number`, Istio's own. */
  readonly portField?: string
  /** The protocol whose calls go there, which a port that is HTTP to Istio cannot carry; absent: anything may be meant. */
  readonly carries?: string
}

/** A destination, and the port of the list that it is. */
export interface Located {
  readonly target: Target
  readonly port: MeshPort
}

/** A destination as an existing cluster of istiod: the host in the list, its port, its subset. */
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
  const hidden = hiddenFrom(service, site)
  if (hidden !== undefined) return fail([error(hostPlace, hidden, { currentValue: host })])
  const port = portOf(written, service, site)
  const { carries: protocol, portField = 'port.number' } = site
  if ('problem' in port) return fail([wrongPort(port.problem, written, place, portField)])
  if (protocol !== undefined && isHttp(port.istio))
    return fail([leadsToHttp(port, { written, place, portField, protocol })])
  if (subset !== undefined) {
    const missing = missingSubset(subset, service, place, site)
    if (missing !== undefined) return fail([missing])
  }
  const cluster = outboundCluster(port.number, subset, hostname)
  const target: Target = {
    place,
    hostname,
    port: port.number,
    cluster,
    ...(subset === undefined ? {} : { subset }),
  }
  return ok({ target, port })
}

function wrongPort(problem: string, { port }: WrittenDestination, place: Place, portField: string): Diagnostic {
  if (port === undefined) return error(place, problem)
  return error(portField.split('.').reduce(below, place), problem, { currentValue: port.number })
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

/** Proxies to which a service is not exported have no cluster for it, so that their calls would fail. */
function hiddenFrom(
  { hostname, exportTo, namespace }: MeshService,
  { clients, mesh: { profile } }: DestinationSite,
): string | undefined {
  const { rootNamespace, clientScope } = profile
  const scope = resolveScope(exportTo, namespace, rootNamespace)
  // `clientScope` says where filters go, whatever the objects say of their clients.
  if (clientScope !== undefined || covers(scope, clients, rootNamespace)) return undefined
  const seenBy = scope.length === 0 ? 'nobody' : scope.join(', ')
  const all = clients.includes(rootNamespace) ? 'every namespace' : clients.join(', ')
  return `\`host\` must be visible to all clients of the route: ${hostname} is exported to ${seenBy}, but the route is for ${all}; widen its \`exportTo\`, or narrow that of the service that is routed`
}

/** pilot's rule: the port as written, else the only one there is, else the one with the number that clients dialled. */
function portOf(
  { port }: WrittenDestination,
  { hostname, ports }: MeshService,
  { dialled, portField = 'port.number' }: DestinationSite,
): MeshPort | { readonly problem: string } {
  const byNumber = new Map(ports.filter(({ istio }) => istio !== 'udp').map((one) => [one.number, one]))
  const numbers = [...byNumber.keys()].sort((a, b) => a - b)
  const choices = numbers.length === 0 ? 'it has none' : `it has ${numbers.join(', ')}`
  if (port !== undefined) {
    const { number } = port
    const problem = `\`${portField}\` must be a TCP port of ${hostname}: ${number} is not, ${choices}`
    return byNumber.get(number) ?? { problem }
  }
  const [only, ...others] = byNumber.values()
  if (only !== undefined && others.length === 0) return only
  const other = dialled === undefined ? '' : `, and not ${dialled}`
  const problem = `\`${portField}\` must say which port of ${hostname} is meant: ${choices}${other}`
  return (dialled === undefined ? undefined : byNumber.get(dialled)) ?? { problem }
}

function missingSubset(
  subset: string,
  service: MeshService,
  place: Place,
  { mesh, clients }: DestinationSite,
): Diagnostic | undefined {
  const { rules, subsets } = policiesOf(service, clients, mesh)
  if (subsets.some(({ name }) => name === subset)) return undefined
  const names = enumerate(subsets, ({ name }) => `"${name}"`)
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
