import {
  type ClusterSpecifier,
  clusterSpecifier,
  type L7Port,
  type Mirror,
  type Route,
  type RuntimeFractionalPercent,
  runtimeFraction,
} from 'meltemi'
import { limitedMatches, type RateLimit } from './rate-limit-action.ts'
import { EVERY_METHOD, type ThriftMatch, thriftMatch } from './route-match.ts'
import type { Settings } from './settings.ts'
import type { Calls } from './thrift-rate-limit.ts'

/** Envoy's thrift_proxy.v3.Route. */
export interface ThriftRoute {
  readonly match: ThriftMatch
  readonly route: RouteAction
}

type RouteAction = ClusterSpecifier & {
  readonly rate_limits?: readonly RateLimit[]
  readonly strip_service_name?: true
  readonly request_mirror_policies?: readonly MirrorPolicy[]
}

/** Without a fraction every call is mirrored. */
interface MirrorPolicy {
  readonly cluster: string
  readonly runtime_fraction?: RuntimeFractionalPercent
}

/** The routes of a port, first match wins. Several matches of a route are OR-ed, which Envoy says with one route for each. */
export function thriftRoutes(port: L7Port, settings: Settings, calls: Calls | undefined): readonly ThriftRoute[] {
  const routes =
    port.routes.length === 0
      ? [everyCall(port.cluster, settings)]
      : port.routes.flatMap((route) => routesOf(route, settings))
  return routes.flatMap(({ match, route }) =>
    limitedMatches(match, calls).map(({ match: limited, limits }) => ({
      match: limited,
      route: limits.length === 0 ? route : { ...route, rate_limits: limits },
    })),
  )
}

/** One route for whatever is called. */
export function everyCall(cluster: string, settings: Settings = {}): ThriftRoute {
  return { match: EVERY_METHOD, route: action({ cluster }, [], settings) }
}

function routesOf({ matches, destinations, mirrors }: Route, settings: Settings): readonly ThriftRoute[] {
  const route = action(clusterSpecifier(destinations), mirrors, settings)
  if (matches.length === 0) return [{ match: EVERY_METHOD, route }]
  // A match that Envoy has no words for is left out, and with it, if it was the only one, the route: not its condition.
  return matches.flatMap((match) => {
    const said = thriftMatch(match, settings)
    return said === undefined ? [] : [{ match: said, route }]
  })
}

function action(specifier: ClusterSpecifier, mirrors: readonly Mirror[], { stripServiceName }: Settings): RouteAction {
  const policies = mirrors.flatMap(mirrorPolicy)
  return {
    ...specifier,
    ...(stripServiceName === true ? { strip_service_name: true } : {}),
    ...(policies.length === 0 ? {} : { request_mirror_policies: policies }),
  }
}

function mirrorPolicy({ target: { cluster }, percentage }: Mirror): readonly MirrorPolicy[] {
  if (percentage === 100) return [{ cluster }]
  const fraction = runtimeFraction(percentage)
  return fraction === undefined ? [] : [{ cluster, runtime_fraction: fraction }]
}
