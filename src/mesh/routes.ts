import { namespaceOf } from '../istio/metadata.ts'
import type { HTTPRoute, TCPRoute, VirtualService } from '../istio/virtual-service.ts'
import { type Diagnostic, error, warning } from '../krm/diagnostic.ts'
import { at, below, describe, type Place, type Sourced } from '../krm/object.ts'
import { collect, diagnosticsOf, fail, map, type Outcome, ok, remark, resultOf, say } from '../krm/outcome.ts'
import { isCatchAll } from './catch-all.ts'
import { type DestinationSite, locate } from './destination.ts'
import type { Destination, Route, RouteMatch } from './l7-port.ts'
import { applies, l4Match, routeMatch } from './match.ts'
import type { Mesh } from './mesh.ts'
import { mirrorsOf } from './mirrors.ts'
import type { MeshPort } from './service.ts'

/** A VirtualService, and for which port and whose clients its routes are resolved. */
export interface RouteSite {
  readonly mesh: Mesh
  readonly virtualService: Sourced<VirtualService>
  readonly port: MeshPort
  readonly protocol: string
  readonly clients: readonly string[]
  /** Routes of `http[]` that are not for the port (see `HttpRoutes`). */
  readonly forHttp: ReadonlySet<HTTPRoute>
  /** Whether the protocol mirrors; if not, mirrors are features like others, reported as such and not resolved. */
  readonly mirrors: boolean
}

/** The routes of a VirtualService for one port: `http[]`, then `tcp[]`, each in order, as far as they apply to it. */
export function routesFor(site: RouteSite): Outcome<readonly Route[]> {
  const { value, source } = site.virtualService
  const http = (value.spec.http ?? []).map((route, i) => httpRoute(route, at(source, `spec.http[${i}]`), site))
  const tcp = (value.spec.tcp ?? []).map((route, i) => tcpRoute(route, at(source, `spec.tcp[${i}]`), site))
  const outcomes = collect([...http, ...tcp], (outcome) => outcome)
  const routes = (resultOf(outcomes) ?? []).filter((route) => route !== undefined)
  return remark(routes, [...diagnosticsOf(outcomes), ...unreachable(routes)])
}

function httpRoute(route: HTTPRoute, place: Place, site: RouteSite): Outcome<Route | undefined> {
  if (site.forHttp.has(route)) return ok(undefined)
  const matches = matchesFor(route.match, place, site, routeMatch)
  if (matches === undefined) return ok(undefined)
  // What stands instead of `route` (`redirect`, `directResponse`, `delegate`) is a feature, reported as such.
  const instead = Object.keys(route).some((field) => ['redirect', 'directResponse', 'delegate'].includes(field))
  if (instead && (route.route ?? []).length === 0) return ok(undefined)
  const mirrors = site.mirrors ? mirrorsOf(route, place, destinationSite(site)) : ok([])
  // A call that is not mirrored is still answered, so the route stands; the error is said.
  return say(
    routeTo(route, place, site, { kind: 'http', matches, mirrors: resultOf(mirrors) ?? [] }),
    diagnosticsOf(mirrors),
  )
}

function tcpRoute(route: TCPRoute, place: Place, site: RouteSite): Outcome<Route | undefined> {
  const matches = matchesFor(route.match, place, site, l4Match)
  return matches === undefined ? ok(undefined) : routeTo(route, place, site, { kind: 'tcp', matches, mirrors: [] })
}

/** The matches that apply; `undefined` where there are some and none of them does, so that the route does not either. */
function matchesFor<M extends { readonly port?: number; readonly gateways?: readonly string[] }>(
  written: readonly M[] | undefined,
  place: Place,
  { port }: RouteSite,
  decode: (match: M, place: Place) => RouteMatch | undefined,
): readonly RouteMatch[] | undefined {
  if (written === undefined || written.length === 0) return []
  const matches: RouteMatch[] = []
  for (const [i, match] of written.entries()) {
    if (!applies(match, port.number)) continue
    const decoded = decode(match, below(below(place, 'match'), i))
    if (decoded !== undefined) matches.push(decoded)
  }
  return matches.length === 0 ? undefined : matches
}

function routeTo(
  { route = [] }: HTTPRoute | TCPRoute,
  place: Place,
  site: RouteSite,
  rest: Pick<Route, 'kind' | 'matches' | 'mirrors'>,
): Outcome<Route | undefined> {
  if (route.length === 0) return fail([error(place, '`route` must name at least one destination')])
  const list = below(place, 'route')
  const resolved = collect(route.entries(), ([i, { destination, weight = 0 }]) =>
    map(
      locate(destination, below(below(list, i), 'destination'), destinationSite(site)),
      ({ target }): Destination => ({ ...target, place: below(list, i), weight }),
    ),
  )
  const diagnostics = diagnosticsOf(resolved)
  const destinations = resultOf(resolved) ?? []
  // Half of a split would send all calls to the other half.
  if (destinations.length < route.length) return fail(diagnostics)
  const weighted = weigh(destinations)
  if (weighted.length === 0) {
    const message =
      '`weight`s must sum to a positive number: with several destinations, one without `weight` gets no calls'
    return fail([...diagnostics, error(list, message)])
  }
  return remark({ place, ...rest, destinations: weighted }, diagnostics)
}

function destinationSite({ mesh, virtualService, port, protocol, clients }: RouteSite): DestinationSite {
  return {
    mesh,
    namespace: namespaceOf(virtualService.value.metadata),
    clients,
    dialled: port.number,
    carries: protocol,
  }
}

/** A single destination gets everything whatever its weight; of several, those of weight 0 get nothing. */
function weigh(destinations: readonly Destination[]): readonly Destination[] {
  return destinations.length === 1
    ? destinations.map((one) => ({ ...one, weight: 100 }))
    : destinations.filter(({ weight }) => weight > 0)
}

/** Routes behind one that takes every call: Istio itself calls them "not used" (IST0130). */
function unreachable(routes: readonly Route[]): readonly Diagnostic[] {
  const all = routes.findIndex(isCatchAll)
  const first = routes[all]
  if (first === undefined) return []
  return routes
    .slice(all + 1)
    .map(({ place }) =>
      warning(
        place,
        `\`${place.path}\` is never used: \`${first.place.path}\` of ${describe(first.place.source.ref)} takes every call`,
      ),
    )
}
