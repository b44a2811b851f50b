import {
  at,
  below,
  type Context,
  compare,
  type Diagnostic,
  type Diagnostics,
  describe,
  diagnosticsOf,
  error,
  expandHost,
  type KubernetesObject,
  type L7Port,
  type Listeners,
  namespaceOf,
  type Place,
  type Sourced,
} from 'meltemi'
import type { ThriftConfig } from './config.ts'
import { readRateLimit, type ThriftRateLimit } from './thrift-rate-limit.ts'

/** A limit of one port, and the object that says it. */
export interface PortLimit {
  readonly limit: ThriftRateLimit
  readonly place: Place
  readonly namespace: string
}

/** The limits of a render, by port; `broken`: those that have one with faults, and the object that has them. */
export interface RateLimits {
  readonly byPort: ReadonlyMap<string, PortLimit>
  readonly broken: ReadonlyMap<string, string>
  readonly problems: Diagnostics
}

/** Reads every ThriftRateLimit once, and finds the ports it is for. */
export function rateLimits({ outbound }: Listeners, context: Context<ThriftConfig, undefined>): RateLimits {
  const ports = outbound.flatMap((listener) => listener.ports)
  const byPort = new Map<string, PortLimit>()
  const broken = new Map<string, string>()
  const problems: Diagnostic[] = []
  // By name, so that which of two is the second does not depend on the order of the list.
  for (const object of context.objects.toSorted(byName)) {
    const read = readRateLimit(object)
    const limited = portsOf(object, ports, context)
    if ('problems' in read) {
      problems.push(...read.problems)
      for (const port of limited) broken.set(portKey(port), describe(object.source.ref))
      continue
    }
    const place = at(object.source, 'spec')
    const namespace = namespaceOf(object.source.ref)
    if (limited.length === 0) problems.push(limitsNothing(read.limit, place, namespace, context))
    for (const port of limited) {
      const key = portKey(port)
      const twin = byPort.get(key)
      if (twin !== undefined) {
        problems.push(secondLimit(port, place, twin))
        broken.set(key, describe(object.source.ref))
      }
      byPort.set(key, { limit: read.limit, place, namespace })
    }
  }
  return { byPort, broken, problems }
}

function byName(a: Sourced<KubernetesObject>, b: Sourced<KubernetesObject>): number {
  return compare(describe(a.source.ref), describe(b.source.ref))
}

export function portKey({ hostname, number }: L7Port): string {
  return `${hostname}:${number}`
}

/** As far as a limit that may be broken says it. */
function portsOf(
  object: Sourced<KubernetesObject>,
  ports: readonly L7Port[],
  { profile }: Context<ThriftConfig, undefined>,
): readonly L7Port[] {
  const { host, port } = fieldsOf(object.value.spec)
  if (typeof host !== 'string') return []
  const hostname = expandHost(host, namespaceOf(object.source.ref), profile.clusterDomain)
  return ports.filter((one) => one.hostname === hostname && (port === undefined || port === one.number))
}

function fieldsOf(spec: unknown): { readonly host?: unknown; readonly port?: unknown } {
  return typeof spec === 'object' && spec !== null ? spec : {}
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
