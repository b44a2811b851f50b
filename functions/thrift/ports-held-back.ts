import { type Diagnostics, heldBack, type L7Port, type Refused } from 'meltemi'
import { RATE_LIMIT_KIND } from './thrift-rate-limit.ts'

/** The ports that a ThriftRateLimit in error limits, or may limit: a filter without its limit would let everything through. */
export function portsHeldBack(
  object: Refused,
  ports: readonly L7Port[],
  clusterDomain: string,
): { readonly ports: readonly L7Port[]; readonly diagnostics: Diagnostics } {
  const { spec }: { readonly spec?: unknown } = Object(object.value)
  const { host, port }: { readonly host?: unknown; readonly port?: unknown } = Object(spec)
  const { hosts, diagnostics } = heldBack(object, {
    kind: RATE_LIMIT_KIND.kind,
    named: typeof host === 'string' && host !== '' ? [host] : undefined,
    served: new Map(ports.map(({ hostname, namespace }) => [hostname, namespace])),
    reach: 'any',
    clusterDomain,
  })
  const isMeant = ({ hostname, number }: L7Port) =>
    hosts.includes(hostname) && (typeof port !== 'number' || port === number)
  return { ports: ports.filter(isMeant), diagnostics }
}
