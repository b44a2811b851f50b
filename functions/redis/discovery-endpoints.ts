import { all, below, error, fail, map, type Outcome, ok, type Place, type Upstream } from 'meltemi'
import type { RedisSettings } from './kinds.ts'

/** A host and port that is asked which nodes there are. */
export interface Seed {
  readonly address: string
  readonly port: number
}

/** The `discoveryEndpoints` of a Redis Cluster: `host`, `host:port`, `[v6]:port`; without any, where the service itself is served. */
export function seeds(settings: RedisSettings, place: Place, upstream: Upstream): Outcome<readonly Seed[]> {
  const written = settings.discoveryEndpoints ?? []
  if (written.length === 0) return own(below(place, 'mode'), upstream)
  const list = below(place, 'discoveryEndpoints')
  return all(written.map((text, i) => seed(text, below(list, i), upstream.port)))
}

/** Cluster DNS knows a Service; of a ServiceEntry it need not know more than what its endpoints are called. */
function own(place: Place, { kind, hostname, port, addresses }: Upstream): Outcome<readonly Seed[]> {
  if (kind === 'Service') return ok([{ address: hostname, port }])
  if (addresses.length > 0) return ok(addresses)
  const message = `CLUSTER needs \`discoveryEndpoints\` here, such as \`10.0.0.1:${port}\`: the ServiceEntry of ${hostname} lists no endpoint with an address, and DNS need not know its host`
  return fail([error(place, message, { currentValue: 'CLUSTER' })])
}

function seed(text: string, place: Place, otherwise: number): Outcome<Seed> {
  const [, v6, name, port] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:[\]]+|[0-9A-Fa-f:]*::?[0-9A-Fa-f:.]*))(?::([^:]*))?$/.exec(text) ?? []
  const address = v6 ?? name
  if (address === undefined || !(v6 === undefined ? isName(address) || isV6(address) : isV6(v6))) {
    const message =
      'must be a host, or a host and a port, such as `redis-0.redis:6379`, `10.0.0.1:6379` or `[fd00::1]:6379`'
    return fail([error(place, message, { currentValue: text })])
  }
  return map(portOf(port, text, place, otherwise), (number) => ({ address, port: number }))
}

/** A DNS name, or an IPv4 address: labels of which the last is no number, or four bytes. */
function isName(text: string): boolean {
  if (/^[0-9.]+$/.test(text))
    return /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every((byte) => Number(byte) <= 255)
  return /^[A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9_])?)*\.?$/.test(text)
}

/** Near enough to tell it from a port without a host: Envoy says no to the rest, and the cluster is not there. */
function isV6(text: string): boolean {
  return /^[0-9A-Fa-f:]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*$/.test(text) && (text.includes('::') || text.split(':').length > 5)
}

function portOf(port: string | undefined, text: string, place: Place, otherwise: number): Outcome<number> {
  if (port === undefined) return ok(otherwise)
  const number = /^[0-9]{1,5}$/.test(port) ? Number(port) : 0
  if (number >= 1 && number <= 65535) return ok(number)
  return fail([error(place, `the port must be a number from 1 to 65535, not "${port}"`, { currentValue: text })])
}
