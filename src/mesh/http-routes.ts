import { namespaceOf } from '../istio/metadata.ts'
import type { HTTPRoute, L4Match, TCPRoute, VirtualService } from '../istio/virtual-service.ts'
import { at, type Place, type Sourced } from '../krm/object.ts'
import { expandHost } from './hostname.ts'
import { applies, routeMatch } from './match.ts'
import { claimsOf, type Mesh } from './mesh.ts'
import { isHttpOfOthers, selects } from './selection.ts'
import type { MeshPort, MeshService } from './service.ts'

/** A port of a protocol, and the VirtualService that routes its host. */
export interface RoutedPort {
  readonly mesh: Mesh
  readonly virtualService: Sourced<VirtualService>
  readonly port: MeshPort
  readonly protocol: string
}

/** The routes of `http[]` that are for the HTTP of a host, and not for a port of ours beside it. */
export interface HttpRoutes {
  readonly routes: ReadonlySet<HTTPRoute>
  /** Those of them that somebody may have meant for our port. */
  readonly doubtful: readonly HttpRoute[]
}

export interface HttpRoute {
  readonly route: HTTPRoute
  readonly place: Place
  /** Where it leads. */
  readonly ports: readonly MeshPort[]
}

/**
 * Istio keeps `http[]` from TCP ports; to us it is also about the calls of a protocol. A route that leads to nothing but
 * HTTP is what it is to Istio, unless it names our port, or nothing that the VirtualService is for has HTTP.
 */
export function httpRoutes(site: RoutedPort): HttpRoutes {
  const { value, source } = site.virtualService
  const { http = [], tcp = [] } = value.spec
  const found = http.flatMap((route, i): readonly HttpRoute[] => {
    const ports = leadsToHttp(route, site)
    return ports.length === 0 || namesPort(route, site.port)
      ? []
      : [{ route, place: at(source, `spec.http[${i}]`), ports }]
  })
  if (found.length === 0 || !mayBeForHttp(site)) return { routes: new Set(), doubtful: [] }
  const routes = new Set(found.map(({ route }) => route))
  // Who says ports where it matters has said them here too.
  const saysPorts = [...http.filter((route) => !routes.has(route)), ...tcp].some((route) => saysPort(route, site.port))
  return { routes, doubtful: saysPorts ? [] : found.filter((one) => mayBeOurs(one, site.port)) }
}

/** The other ports of a host that are HTTP, if a route says in no way that it is not for them. */
export function httpBeside(route: HTTPRoute, { service, ...port }: MeshPort, protocol: string): readonly MeshPort[] {
  return saysPort(route, port) ? [] : service.ports.filter((other) => isHttpOfOthers(protocol, other))
}

/** Every port that a route can lead to, if all of them are HTTP. */
function leadsToHttp({ route = [] }: HTTPRoute, { mesh, virtualService, protocol }: RoutedPort): readonly MeshPort[] {
  const namespace = namespaceOf(virtualService.value.metadata)
  const ports = route.map(({ destination: { host, port } }) => {
    const service = mesh.byHost.get(expandHost(host, namespace, mesh.profile.clusterDomain))?.at(0)
    const candidates = (service?.ports ?? []).filter(
      ({ istio, number }) => istio !== 'udp' && number === (port?.number ?? number),
    )
    return candidates.every((one) => isHttpOfOthers(protocol, one)) ? candidates : []
  })
  return ports.every((some) => some.length > 0) ? [...new Set(ports.flat())] : []
}

/** A VirtualService for one host alone, none of whose ports Istio would route by `http[]`, can only be about ours. */
function mayBeForHttp({ mesh, virtualService, port: { service }, protocol }: RoutedPort): boolean {
  const isForOthers =
    (virtualService.value.spec.gateways ?? []).some((gateway) => gateway !== 'mesh') ||
    claimsOf(virtualService, mesh.profile).some(({ host }) => host !== service.hostname)
  return isForOthers || hasHttp(service, protocol)
}

function hasHttp({ ports }: MeshService, protocol: string): boolean {
  return ports.some((port) => isHttpOfOthers(protocol, port) || (port.istio === 'sniffed' && !selects(protocol, port)))
}

/** A route with conditions of which we could read none would not have been taken for ours either. */
function mayBeOurs({ route: { match = [] }, place }: HttpRoute, { number }: MeshPort): boolean {
  return match.length === 0 || match.some((one) => applies(one, number) && routeMatch(one, place) !== undefined)
}

type Numbered = Pick<MeshPort, 'number'>

function saysPort(route: HTTPRoute | TCPRoute, port: Numbered): boolean {
  const { match = [], route: destinations = [] } = route
  const isHere = match.length === 0 || match.some((one: L4Match) => applies(one, port.number))
  return isHere && (namesPort(route, port) || destinations.some(({ destination }) => destination.port !== undefined))
}

function namesPort({ match = [] }: HTTPRoute | TCPRoute, { number }: Numbered): boolean {
  return match.some((one: L4Match) => one.port === number && applies(one, number))
}
