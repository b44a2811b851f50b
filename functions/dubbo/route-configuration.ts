import {
  ANY_STRING,
  type ClusterSpecifier,
  clusterSpecifier,
  type HeaderMatcher,
  headerMatcher,
  type L7Port,
  type Route,
  type RouteMatch,
  type StringMatcher,
  stringMatcher,
  takesEveryCall,
  withoutHeaderMatcher,
} from 'meltemi'
import { type Declaration, EVERY_INTERFACE, type ServiceKey } from './service-key.ts'

/** Envoy's dubbo_proxy.v3.RouteConfiguration. */
export interface RouteConfiguration extends ServiceKey {
  readonly name: string
  readonly routes: readonly DubboRoute[]
}

export interface DubboRoute {
  readonly match: { readonly method: { readonly name: StringMatcher }; readonly headers?: readonly HeaderMatcher[] }
  readonly route: ClusterSpecifier
}

/** istiod builds this cluster for every sidecar; it has no endpoints, so a call sent there is refused at once. */
const REFUSE: ClusterSpecifier = { cluster: 'BlackHoleCluster' }

/**
 * The configurations of one listener. `ownsListener`: it serves one host only, so an interface that nobody declared (a
 * provider exports more than a repository says: health checks, metadata services) still goes where plain TCP took it.
 */
export function routeConfigurations(
  found: readonly Declaration[],
  ownsListener: boolean,
): readonly RouteConfiguration[] {
  const configurations = found.map((declaration, index) => {
    const isLast = index === found.length - 1 && !(ownsListener && needsFallback(declaration.key))
    return routeConfiguration(declaration, isLast)
  })
  const [only] = found
  return ownsListener && only !== undefined && needsFallback(only.key)
    ? [...configurations, fallback(only.port)]
    : configurations
}

function needsFallback(key: ServiceKey): boolean {
  return key.interface !== EVERY_INTERFACE || key.group !== undefined || key.version !== undefined
}

function routeConfiguration({ port, key }: Declaration, isLast: boolean): RouteConfiguration {
  const routes = port.routes.length === 0 ? [everyCall({ cluster: port.cluster })] : port.routes.flatMap(dubboRoutes)
  // Without a route that takes every call, a call of this interface would fall through to the next configuration.
  const closed = isLast || takesEveryCall(port) ? routes : [...routes, everyCall(REFUSE)]
  return { name: `${port.hostname}:${port.number}`, ...key, routes: closed }
}

function fallback(port: L7Port): RouteConfiguration {
  return { name: 'undeclared interfaces', interface: EVERY_INTERFACE, routes: [everyCall({ cluster: port.cluster })] }
}

function everyCall(route: ClusterSpecifier): DubboRoute {
  return { match: { method: { name: ANY_STRING } }, route }
}

/** Several matches of a route are OR-ed, which Envoy says with one route for each. */
function dubboRoutes(route: Route): readonly DubboRoute[] {
  const action = clusterSpecifier(route.destinations)
  if (route.matches.length === 0) return [everyCall(action)]
  return route.matches.map((match) => dubboRoute(match, action))
}

function dubboRoute(match: RouteMatch, route: ClusterSpecifier): DubboRoute {
  // A method matcher without a pattern is fatal in Envoy, so "any method" is said.
  const name = match.method === undefined ? ANY_STRING : stringMatcher(match.method)
  const headers = [...match.headers.map(headerMatcher), ...match.withoutHeaders.map(withoutHeaderMatcher)]
  return { match: { method: { name }, ...(headers.length === 0 ? {} : { headers }) }, route }
}
