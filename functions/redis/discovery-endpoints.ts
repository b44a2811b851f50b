import {
  all,
  below,
  chain,
  type Diagnostics,
  error,
  fail,
  map,
  type Outcome,
  ok,
  type Place,
  remark,
  type Upstream,
  warning,
} from 'meltemi'
import type { RedisSettings } from './kinds.ts'

/** A host and port that is asked which nodes there are. */
export interface Seed {
  readonly address: string
  readonly port: number
}

/** The `discoveryEndpoints` of a Redis Cluster: `host`, `host:port`, `[v6]:port`; without any, where the service itself is served. */
export function seeds(settings: RedisSettings, place: Place, upstream: Upstream): Outcome<readonly Seed[]> {
  const written = settings.discoveryEndpoints ?? []
  if (written.length === 0) return map(own(below(place, 'mode'), upstream), once)
  const list = below(place, 'discoveryEndpoints')
  return map(all(written.map((text, i) => seed(text, below(list, i), upstream.port))), once)
}

/** A server that is listed twice would be asked twice. */
function once(found: readonly Seed[]): readonly Seed[] {
  return [...new Map(found.map((one) => [`${one.address} ${one.port}`, one])).values()]
}

/** Cluster DNS knows a Service; of a ServiceEntry it need not know more than what its endpoints are called. */
function own(place: Place, { kind, hostname, port, addresses }: Upstream): Outcome<readonly Seed[]> {
  if (kind === 'Service') return ok([{ address: hostname, port }])
  if (addresses.length > 0) return all(addresses.map((one) => listed(one, place, hostname)))
  const message = `CLUSTER needs \`discoveryEndpoints\` here, such as \`10.0.0.1:${port}\`: the ServiceEntry of ${hostname} lists no endpoint with an address, and DNS need not know its host`
  return fail([error(place, message, { currentValue: 'CLUSTER' })])
}

function listed(one: Seed, place: Place, hostname: string): Outcome<Seed> {
  const { address, port } = one
  if (isName(address) || isV6(address)) return ok(one)
  const message = `the ServiceEntry of ${hostname} has an endpoint at "${address}", which is no IP address, such as \`10.0.0.1\` or \`fd00::1\` without brackets, and no DNS name, so that CLUSTER cannot ask there: correct it, or write \`discoveryEndpoints\`, such as \`10.0.0.1:${port}\``
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
  const found = map(portOf(port, text, place, otherwise), (number) => ({ address, port: number }))
  return v6 === undefined ? chain(found, (one) => remark(one, withoutBrackets(address, place, otherwise))) : found
}

/** `fd00::1:6379` is one address, of which somebody may have meant the end for a port. */
function withoutBrackets(address: string, place: Place, otherwise: number): Diagnostics {
  const [, head = '', port] = /^(.*[0-9A-Fa-f]):([1-9][0-9]{3})$/.exec(address) ?? []
  if (port === undefined || !isV6(head)) return []
  const meant = `[${head}]:${port}`
  const message = `is one IPv6 address, which is asked at port ${otherwise}; if ${port} is the port, write \`${meant}\``
  return [warning(place, message, { currentValue: address, proposedValue: meant })]
}

/** A DNS name, or an IPv4 address: labels of which the last is no number, or four bytes. */
function isName(text: string): boolean {
  if (/^[0-9.]+$/.test(text))
    return /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every((byte) => Number(byte) <= 255)
  return /^[A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9_])?)*\.?$/.test(text)
}

/** Near enough to tell it from a port without a host, or with one: Envoy says no to the rest, and the cluster is not there. */
function isV6(text: string): boolean {
  const groups = text.split(':')
  const most = groups.at(-1)?.includes('.') === true ? 7 : 8
  const isWhole = text.includes('::') ? groups.length <= most + 1 : groups.length === most
  return isWhole && groups.every((group) => /^([0-9A-Fa-f]{0,4}|\d+(\.\d+){3})$/.test(group))
}

function portOf(port: string | undefined, text: string, place: Place, otherwise: number): Outcome<number> {
  if (port === undefined) return ok(otherwise)
  const number = /^[0-9]{1,5}$/.test(port) ? Number(port) : 0
  if (number >= 1 && number <= 65535) return ok(number)
  return fail([error(place, `the port must be a number from 1 to 65535, not "${port}"`, { currentValue: text })])
}
