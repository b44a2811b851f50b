import { type Diagnostics, heldBack, type L7Port, type Refused } from 'meltemi'
import { RATE_LIMIT_KIND } from './thrift-rate-limit.ts'

export interface PortsHeldBack {
  /** The very list that was given where it is all of them. */
  readonly ports: readonly L7Port[]
  readonly diagnostics: Diagnostics
}

/** The ports that a ThriftRateLimit in error limits, or may limit: a filter without its limit would let everything through. */
export function portsHeldBack(all: readonly L7Port[], clusterDomain: string): (object: Refused) => PortsHeldBack {
  const served = new Map(all.map(({ hostname, namespace }) => [hostname, namespace]))
  return (object) => {
    const { spec }: { readonly spec?: unknown } = Object(object.value)
    const { host, port }: { readonly host?: unknown; readonly port?: unknown } = Object(spec)
    const { hosts, diagnostics } = heldBack(object, {
      kind: RATE_LIMIT_KIND.kind,
      named: typeof host === 'string' && host !== '' ? [host] : undefined,
      served,
      reach: 'any',
      clusterDomain,
    })
    const isOfPort = ({ number }: L7Port) => typeof port !== 'number' || port === number
    if (hosts.length === served.size) {
      return { ports: typeof port === 'number' ? all.filter(isOfPort) : all, diagnostics }
    }
    const meant = new Set(hosts)
    return { ports: all.filter((one) => meant.has(one.hostname) && isOfPort(one)), diagnostics }
  }
}
