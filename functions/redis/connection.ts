import { below, error, fail, map, type Outcome, ok, type Place, protoDuration } from 'meltemi'
import { both } from './both.ts'
import { optionalDuration } from './durations.ts'
import type { TcpSettings } from './kinds.ts'

/** Fields of Envoy's Cluster about each connection. */
export interface ConnectionFields {
  readonly connect_timeout?: string
  readonly upstream_connection_options?: { readonly tcp_keepalive: TcpKeepalive }
}

export interface TcpKeepalive {
  readonly keepalive_probes?: number
  readonly keepalive_time?: number
  readonly keepalive_interval?: number
}

/** `tcp` of a connection pool, in a RedisDestination or a DestinationRule: both have Istio's TCPSettings. */
export function connectionFields(
  { connectTimeout, tcpKeepalive }: TcpSettings,
  place: Place,
): Outcome<ConnectionFields> {
  const timeout = optionalDuration(connectTimeout, below(place, 'connectTimeout'))
  const keepalive = tcpKeepalive === undefined ? ok(undefined) : keepaliveOf(tcpKeepalive, below(place, 'tcpKeepalive'))
  return both(timeout, keepalive, (wait, probe) => ({
    ...(wait === undefined ? {} : { connect_timeout: wait }),
    ...(probe === undefined ? {} : { upstream_connection_options: { tcp_keepalive: probe } }),
  }))
}

function keepaliveOf(
  { probes, time, interval }: NonNullable<TcpSettings['tcpKeepalive']>,
  place: Place,
): Outcome<TcpKeepalive> {
  const idle = time === undefined ? ok(undefined) : wholeSeconds(time, below(place, 'time'))
  const between = interval === undefined ? ok(undefined) : wholeSeconds(interval, below(place, 'interval'))
  return map(
    both(idle, between, (a, b) => ({ a, b })),
    ({ a, b }) => ({
      ...(probes === undefined ? {} : { keepalive_probes: probes }),
      ...(a === undefined ? {} : { keepalive_time: a }),
      ...(b === undefined ? {} : { keepalive_interval: b }),
    }),
  )
}

/** The kernel's options count in seconds. */
function wholeSeconds(text: string, place: Place): Outcome<number> {
  const [, seconds] = /^([1-9][0-9]*)s$/.exec(protoDuration(text) ?? '') ?? []
  if (seconds !== undefined) return ok(Number(seconds))
  return fail([
    error(place, 'must be whole seconds above zero, such as `60s`: the kernel counts in seconds', {
      currentValue: text,
    }),
  ])
}
