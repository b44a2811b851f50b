import {
  all,
  below,
  chain,
  type Diagnostic,
  diagnosticsOf,
  error,
  fail,
  type L7Port,
  map,
  type Outcome,
  ok,
  type Place,
  type RuntimeFractionalPercent,
  type Upstream,
} from 'meltemi'
import { both } from './both.ts'
import type { Declared } from './declared.ts'
import { checkFormatter } from './key-formatter.ts'
import type { KeyRoute, MirrorTarget, RedisServiceSpec, RouteTarget } from './kinds.ts'
import { fraction } from './percentages.ts'
import type { RedisContext } from './prepared.ts'

/** Where the keys of one port go. */
export interface RouteTable {
  /** Each prefix once; Envoy takes the longest that fits. */
  readonly prefixes: readonly PrefixRoute[]
  /** Absent: what has no prefix of ours is refused. */
  readonly catchAll?: Destinations
}

export interface PrefixRoute {
  readonly prefix: string
  readonly removePrefix: boolean
  readonly to: Destinations
}

export interface Destinations extends Aim {
  readonly mirrors: readonly Mirror[]
  readonly keyFormatter?: string
  readonly reads?: Aim
}

/** A cluster, and who names it. */
export interface Aim {
  readonly upstream: Upstream
  readonly place: Place
}

export interface Mirror extends Aim {
  /** Absent: every command. */
  readonly fraction?: RuntimeFractionalPercent
  readonly excludeReadCommands: boolean
}

/** Envoy's rule for PrefixRoutes.Route.prefix (`max_bytes`). */
const LONGEST_PREFIX = 1000

/** The port's own cluster for every key. */
export function transparent(own: Aim): RouteTable {
  return { prefixes: [], catchAll: { ...own, mirrors: [] } }
}

/** The table that a RedisService says. Every fault of it is said; with any of them there is no table. */
export function serviceRoutes(
  service: Declared<RedisServiceSpec>,
  own: Aim,
  port: L7Port,
  context: RedisContext,
): Outcome<RouteTable> {
  const { redis = [], settings } = service.spec
  if (redis.length === 0) return ok(transparent(own))
  const list = below(service.place, 'redis')
  const written = redis.map((route, i) => ({ route, place: below(list, i), prefix: route.match?.key?.prefix ?? '' }))
  const twins = repeatedPrefixes(written, settings?.caseInsensitive === true)
  const resolved = all(written.map(({ route, place }) => destinations(route, place, service, port, context)))
  if (twins.length > 0) return fail([...diagnosticsOf(resolved), ...twins])
  return map(resolved, (found): RouteTable => {
    const prefixes: PrefixRoute[] = []
    let catchAll: Destinations | undefined
    for (const [i, to] of found.entries()) {
      const { prefix = '', removePrefix = false } = redis[i]?.match?.key ?? {}
      if (prefix === '') catchAll = to
      else prefixes.push({ prefix, removePrefix, to })
    }
    return { prefixes, ...(catchAll === undefined ? {} : { catchAll }) }
  })
}

interface Written {
  readonly place: Place
  readonly route: KeyRoute
  readonly prefix: string
}

function repeatedPrefixes(written: readonly Written[], caseInsensitive: boolean): readonly Diagnostic[] {
  const seen = new Map<string, Written>()
  return written.flatMap((one) => {
    const { prefix, place, route } = one
    const here = route.match?.key?.prefix === undefined ? place : below(below(below(place, 'match'), 'key'), 'prefix')
    if (Buffer.byteLength(prefix) > LONGEST_PREFIX)
      return [error(here, `must be at most ${LONGEST_PREFIX} bytes long, not ${Buffer.byteLength(prefix)}`)]
    // Envoy folds the letters of ASCII alone.
    const folded = caseInsensitive ? prefix.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : prefix
    const first = seen.get(folded)
    if (first === undefined) {
      seen.set(folded, one)
      return []
    }
    const message =
      prefix === ''
        ? `must have a \`match.key.prefix\`: \`${first.place.path}\` takes every other key already, and there is one catch-all`
        : `prefix "${prefix}" must stand once: \`${first.place.path}\` has ${first.prefix === prefix ? 'it' : `"${first.prefix}", which is the same in any case,`} already`
    return [error(here, message, prefix === '' ? {} : { currentValue: prefix })]
  })
}

function destinations(
  route: KeyRoute,
  place: Place,
  service: Declared<RedisServiceSpec>,
  port: L7Port,
  context: RedisContext,
): Outcome<Destinations> {
  const find = (target: RouteTarget, at: Place) =>
    map(resolveTarget(target, at, service.namespace, port, context), (to): Aim => ({ upstream: to, place: at }))
  const upstream = find(route.route, below(place, 'route'))
  if (route.readRoute === undefined && route.mirror === undefined && route.keyFormatter === undefined)
    return map(upstream, (to) => ({ ...to, mirrors: [] }))
  const reads = route.readRoute === undefined ? ok(undefined) : find(route.readRoute, below(place, 'readRoute'))
  const mirrors = all((route.mirror ?? []).map((one, i) => mirrorOf(one, below(below(place, 'mirror'), i), find)))
  const formatter = checkFormatter(route.keyFormatter, place)
  const where = both(upstream, reads, (to, from) => ({ ...to, ...(from === undefined ? {} : { reads: from }) }))
  const how = both(mirrors, formatter, (copies, format) => ({
    mirrors: copies.filter((one) => one !== undefined),
    ...(format === undefined ? {} : { keyFormatter: format }),
  }))
  return both(where, how, (one, other): Destinations => ({ ...one, ...other }))
}

function mirrorOf(
  { route, percentage, excludeReadCommands = false }: MirrorTarget,
  place: Place,
  find: (target: RouteTarget, place: Place) => Outcome<Aim>,
): Outcome<Mirror | undefined> {
  return chain(find(route, below(place, 'route')), (to) => {
    // Without a percentage every command; `percentage: {}` is protobuf's zero.
    if (percentage === undefined) return ok({ ...to, excludeReadCommands })
    const { value = 0 } = percentage
    if (value === 0) return ok(undefined)
    return map(fraction(value, below(below(place, 'percentage'), 'value')), (share) => ({
      ...to,
      fraction: share,
      excludeReadCommands,
    }))
  })
}

/** A target as a cluster of istiod that redis_proxy can use for these clients. */
function resolveTarget(
  { host, port: number, subset }: RouteTarget,
  place: Place,
  namespace: string,
  port: L7Port,
  context: RedisContext,
): Outcome<Upstream> {
  return context.resolve({
    place,
    namespace,
    host,
    dialled: port.number,
    takesCalls: true,
    clients: port.clientNamespaces,
    ...(number === undefined || number === 0 ? {} : { port: number }),
    ...(subset === undefined ? {} : { subset }),
  })
}

/** A port's own cluster. */
export function ownUpstream(port: L7Port, context: RedisContext): Outcome<Upstream> {
  return resolveTarget({ host: port.hostname, port: port.number }, port.place, port.namespace, port, context)
}
