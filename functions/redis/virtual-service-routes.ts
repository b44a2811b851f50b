import {
  all,
  chain,
  error,
  type Feature,
  fail,
  type L7Port,
  map,
  type Outcome,
  ok,
  type Route,
  remark,
  type Target,
  warning,
} from 'meltemi'
import { both } from './both.ts'
import { duration } from './durations.ts'
import { type FaultRule, wholePercentage } from './faults.ts'
import { fraction } from './percentages.ts'
import type { RedisContext } from './prepared.ts'
import type { Aim, Mirror, RouteTable } from './routes.ts'

/** What a VirtualService can say for Redis: one route for every key, with mirrors, a time-out and faults. */
export interface PlainRoute {
  readonly table: RouteTable
  readonly opTimeout?: string
  readonly faults: readonly FaultRule[]
}

/** The first route that takes every command: those before it have conditions that are not Redis', and are reported. */
export function plainRoute(port: L7Port, context: RedisContext): Outcome<PlainRoute> {
  const route = port.routes.find(takesEveryCommand)
  if (route === undefined) {
    const [first] = port.routes
    const message = `must have a route without conditions: a Redis command has neither method nor headers, so no route of ${port.hostname} takes any; a RedisService can route by the prefix of the key`
    return fail([error(first?.place ?? port.place, message)])
  }
  const [destination, ...others] = route.destinations
  if (destination === undefined || others.length > 0) {
    const message = `must have one destination: redis_proxy knows no weights, and keys that are now here and now there are lost. Shard with a consistent hash, or route by prefix with a RedisService`
    return fail([error(route.place, message)])
  }
  const upstream = aimAt(destination, port, context)
  const mirrors = all(
    route.mirrors.map(({ target, percentage, place }) => {
      const share = percentage === 100 ? ok(undefined) : fraction(percentage, place)
      return both(
        aimAt(target, port, context),
        share,
        (to, value): Mirror => ({
          ...to,
          excludeReadCommands: false,
          ...(value === undefined ? {} : { fraction: value }),
        }),
      )
    }),
  )
  const settings = routeSettings(route, port)
  return both(
    both(upstream, mirrors, (to, copies): RouteTable => ({ prefixes: [], catchAll: { ...to, mirrors: copies } })),
    settings,
    (table, rest) => ({ table, ...rest }),
  )
}

function takesEveryCommand({ matches }: Route): boolean {
  return (
    matches.length === 0 ||
    matches.some(
      ({ method, headers, withoutHeaders }) =>
        method === undefined && headers.length === 0 && withoutHeaders.length === 0,
    )
  )
}

function aimAt({ place, hostname, port: number, subset }: Target, port: L7Port, context: RedisContext): Outcome<Aim> {
  const found = context.resolve({
    place,
    namespace: port.namespace,
    host: hostname,
    port: number,
    clients: port.clientNamespaces,
    ...(subset === undefined ? {} : { subset }),
  })
  return map(found, (upstream) => ({ upstream, place }))
}

/** `timeout` and `fault` of a route, from the features that it asks for. */
function routeSettings(route: Route, port: L7Port): Outcome<Omit<PlainRoute, 'table'>> {
  const asked = new Map(
    port.features
      .filter(
        ({ place }) => place.source.item === route.place.source.item && place.path.startsWith(`${route.place.path}.`),
      )
      .map((feature) => [feature.name.replace('VirtualService.http.', ''), feature]),
  )
  const timeout = asked.get('timeout')
  const opTimeout = timeout === undefined ? ok(undefined) : text(timeout, duration)
  const faults = map(all([delayOf(asked), abortOf(asked)]), (rules) => rules.filter((rule) => rule !== undefined))
  return both(opTimeout, faults, (value, rules) => ({
    faults: rules,
    ...(value === undefined ? {} : { opTimeout: value }),
  }))
}

type Asked = ReadonlyMap<string, Feature>

function delayOf(asked: Asked): Outcome<FaultRule | undefined> {
  const delay = asked.get('fault.delay.fixedDelay')
  if (delay === undefined) return ok(undefined)
  return faultOf(
    'DELAY',
    delay,
    asked.get('fault.delay.percentage.value') ?? asked.get('fault.delay.percent'),
    text(delay, duration),
  )
}

function abortOf(asked: Asked): Outcome<FaultRule | undefined> {
  const percentage = asked.get('fault.abort.percentage.value')
  const status = [...asked.values()].find(({ name }) => name.startsWith('VirtualService.http.fault.abort.'))
  return status === undefined ? ok(undefined) : faultOf('ERROR', status, percentage, ok(undefined))
}

/** Without a percentage Istio injects a fault into no call (pilot, `TranslateFault`). */
function faultOf(
  type: FaultRule['type'],
  from: Feature,
  percentage: Feature | undefined,
  delay: Outcome<string | undefined>,
): Outcome<FaultRule | undefined> {
  if (percentage === undefined) {
    const message = 'has no effect without a `percentage`: Istio injects such a fault into no call'
    return chain(delay, () => remark(undefined, [warning(from.place, message)]))
  }
  const { value, place } = percentage
  const whole = typeof value === 'number' ? wholePercentage(value, place) : fail([error(place, 'must be a number')])
  return both(delay, whole, (time, share): FaultRule | undefined => {
    const rule = { type, percentage: share, place, commands: [], ...(time === undefined ? {} : { delay: time }) }
    return share === 0 ? undefined : rule
  })
}

function text(feature: Feature, read: (value: string, place: Feature['place']) => Outcome<string>): Outcome<string> {
  return typeof feature.value === 'string'
    ? read(feature.value, feature.place)
    : fail([error(feature.place, 'must be a duration such as `5s`')])
}
