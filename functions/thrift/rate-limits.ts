import {
  at,
  below,
  type Context,
  compare,
  type Diagnostic,
  type Diagnostics,
  describe,
  describeInError,
  diagnosticsOf,
  error,
  expandHost,
  type KubernetesObject,
  type L7Port,
  type Listeners,
  map,
  namespaceOf,
  type Outcome,
  ok,
  type Place,
  portKey,
  type Refused,
  resultOf,
  type Sourced,
} from 'meltemi'
import type { ThriftConfig } from './config.ts'
import { portsHeldBack } from './ports-held-back.ts'
import { callLimit } from './rate-limit-filter.ts'
import type { ThriftFilter } from './thrift-proxy.ts'
import { RATE_LIMIT_KIND, readRateLimit, type ThriftRateLimit } from './thrift-rate-limit.ts'

/** A limit of one port, and the object that says it. */
export interface PortLimit {
  readonly limit: ThriftRateLimit
  readonly place: Place
  readonly namespace: string
  /** What stands inside thrift_proxy for it. */
  readonly callFilters: readonly ThriftFilter[]
}

/** The limits of a render, by port. */
export interface RateLimits {
  readonly byPort: ReadonlyMap<string, PortLimit>
  /** Ports that an object in error limits, or may limit, and that object: without its limit they get no filter. */
  readonly broken: ReadonlyMap<string, string>
  readonly problems: Diagnostics
}

/** Reads every ThriftRateLimit once, and finds the ports it is for. */
export function rateLimits(listeners: Listeners, context: Context<ThriftConfig, undefined>): RateLimits {
  const ports = listeners.outbound.flatMap((listener) => listener.ports)
  const all = [...ports, ...listeners.inbound.flatMap((listener) => listener.ports)]
  const byPort = new Map<string, PortLimit>()
  const broken = new Map<string, string>()
  const problems: Diagnostic[] = []
  const lostTo = portsHeldBack(all, context.profile.clusterDomain)
  // The last object that may limit every port; which ports those are is written down once, not for each such object.
  let ofEvery: string | undefined
  const holdBack = (object: Refused) => {
    const lost = lostTo(object)
    problems.push(...lost.diagnostics)
    const inError = describeInError(object.source, RATE_LIMIT_KIND.kind)
    if (lost.ports === all) {
      ofEvery = inError
      broken.clear()
      return
    }
    for (const port of lost.ports) broken.set(portKey(port), inError)
  }
  for (const object of context.refused) holdBack(object)
  // By name, so that which of two is the second does not depend on the order of the list.
  for (const object of context.objects.toSorted(byName)) {
    const read = readRateLimit(object)
    if ('problems' in read) problems.push(...read.problems)
    // Which of those that stand there twice holds cannot be known.
    if ('problems' in read || object.again !== undefined) holdBack(object)
    if ('problems' in read) continue
    const place = at(object.source, 'spec')
    const namespace = namespaceOf(object.source.ref)
    const limited = portsOf(read.limit, namespace, ports, context.profile.clusterDomain)
    if (limited.length === 0) problems.push(limitsNothing(read.limit, place, namespace, context))
    for (const port of limited) {
      const key = portKey(port)
      const twin = byPort.get(key)
      const filters = callFilters(read.limit, { place, namespace }, port, context)
      problems.push(...diagnosticsOf(filters))
      if (twin !== undefined) problems.push(secondLimit(port, place, twin))
      if (twin !== undefined || resultOf(filters) === undefined) broken.set(key, describe(object.source.ref))
      byPort.set(key, { limit: read.limit, place, namespace, callFilters: resultOf(filters) ?? [] })
    }
  }
  if (ofEvery !== undefined) {
    for (const key of all.map(portKey)) if (!broken.has(key)) broken.set(key, ofEvery)
  }
  for (const key of broken.keys()) byPort.delete(key)
  return { byPort, broken, problems }
}

function callFilters(
  { calls }: ThriftRateLimit,
  said: Pick<PortLimit, 'place' | 'namespace'>,
  port: L7Port,
  { resolve }: Context<ThriftConfig, undefined>,
): Outcome<readonly ThriftFilter[]> {
  return calls === undefined ? ok([]) : map(callLimit(calls, said, port, resolve), (filter) => [filter])
}

function byName(a: Sourced<KubernetesObject>, b: Sourced<KubernetesObject>): number {
  return compare(describe(a.source.ref), describe(b.source.ref))
}

export function limitOf(port: L7Port, { byPort }: RateLimits): PortLimit | undefined {
  return byPort.get(portKey(port))
}

/** The object in error that limits a port or may limit it. */
export function inErrorOf(port: L7Port, { broken }: RateLimits): string | undefined {
  return broken.get(portKey(port))
}

function portsOf(
  { host, port }: ThriftRateLimit,
  namespace: string,
  ports: readonly L7Port[],
  clusterDomain: string,
): readonly L7Port[] {
  const hostname = expandHost(host, namespace, clusterDomain)
  return ports.filter((one) => one.hostname === hostname && (port === undefined || port === one.number))
}

/** With what is known of the host: perhaps it is not there, perhaps it is no Thrift port. */
function limitsNothing(
  { host, port }: ThriftRateLimit,
  place: Place,
  namespace: string,
  { resolve, profile }: Context<ThriftConfig, undefined>,
): Diagnostic {
  const hostname = expandHost(host, namespace, profile.clusterDomain)
  const reference = { place, namespace, host, clients: [], ...(port === undefined ? {} : { port }) }
  const [problem] = diagnosticsOf(resolve(reference))
  if (problem !== undefined && problem.place?.path !== place.path) return problem
  const what = port === undefined ? hostname : `${hostname}:${port}`
  return error(below(place, 'host'), `must name a service with a Thrift port that has a filter; ${what} has none`, {
    currentValue: host,
  })
}

function secondLimit({ hostname, number }: L7Port, place: Place, twin: PortLimit): Diagnostic {
  const other = describe(twin.place.source.ref)
  return error(
    below(place, 'host'),
    `must be limited by one ThriftRateLimit: ${other} limits ${hostname}:${number} too; put \`connections\` and all \`descriptors\` into one, or narrow each with \`port\``,
  )
}
