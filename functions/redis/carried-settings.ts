import {
  below,
  error,
  fail,
  type Outcome,
  ok,
  type Place,
  type PolicyPart,
  protoDuration,
  type Upstream,
} from 'meltemi'
import { both } from './both.ts'
import { type ConnectionFields, connectionFields } from './connection.ts'
import type { TcpSettings } from './kinds.ts'
import type { RedisContext } from './prepared.ts'
import { type TransportSocket, transportSocket } from './transport-socket.ts'

/** What a replaced cluster keeps of its DestinationRule. */
export interface CarriedSettings extends ConnectionFields {
  readonly outlier_detection?: Readonly<Record<string, unknown>>
  readonly transport_socket?: TransportSocket
}

/** Names of the features that `carriedSettings` realises; whatever else istiod did on its own cluster is lost. */
export const CARRIED: readonly string[] = [
  'connectionPool.tcp.connectTimeout',
  'connectionPool.tcp.tcpKeepalive.probes',
  'connectionPool.tcp.tcpKeepalive.time',
  'connectionPool.tcp.tcpKeepalive.interval',
  ...['consecutive5xxErrors', 'interval', 'baseEjectionTime', 'maxEjectionPercent'].map(
    (name) => `outlierDetection.${name}`,
  ),
  ...['mode', 'sni', 'caCertificates', 'clientCertificate', 'privateKey', 'subjectAltNames', 'insecureSkipVerify'].map(
    (name) => `tls.${name}`,
  ),
]

export function carriedSettings({ policy, ...upstream }: Upstream, context: RedisContext): Outcome<CarriedSettings> {
  const { connectionPool, outlierDetection, tls } = policy
  const connections = connectionPool === undefined ? ok({}) : tcpOf(connectionPool)
  const detection = outlierDetection === undefined ? ok(undefined) : outliers(outlierDetection)
  const socket = transportSocket(tls, { policy, ...upstream }, context)
  const most = both(
    connections,
    detection,
    (fields, outlier): CarriedSettings => ({
      ...fields,
      ...(outlier === undefined ? {} : { outlier_detection: outlier }),
    }),
  )
  return both(most, socket, (fields, transport) => ({
    ...fields,
    ...(transport === undefined ? {} : { transport_socket: transport }),
  }))
}

function tcpOf({ value, place }: PolicyPart): Outcome<ConnectionFields> {
  const { tcp } = record(value)
  const here = below(place, 'tcp')
  const { connectTimeout, tcpKeepalive } = record(tcp)
  const { probes, time, interval } = record(tcpKeepalive)
  const keepalive = {
    ...(typeof probes === 'number' ? { probes } : {}),
    ...(typeof time === 'string' ? { time } : {}),
    ...(typeof interval === 'string' ? { interval } : {}),
  }
  const settings: TcpSettings = {
    ...(typeof connectTimeout === 'string' ? { connectTimeout } : {}),
    ...(Object.keys(keepalive).length === 0 ? {} : { tcpKeepalive: keepalive }),
  }
  return connectionFields(settings, here)
}

/** Istio's outlier detection in Envoy's words, as pilot `applyOutlierDetection` has it; a time-out or a closed connection counts as a 5xx. */
function outliers({ value, place }: PolicyPart): Outcome<Readonly<Record<string, unknown>> | undefined> {
  const { consecutive5xxErrors, interval, baseEjectionTime, maxEjectionPercent, ...others } = record(value)
  const isCarried = [consecutive5xxErrors, interval, baseEjectionTime, maxEjectionPercent].some(
    (field) => field !== undefined,
  )
  // What is asked for by other fields alone would become Envoy's defaults, which nobody asked for.
  if (!isCarried && Object.keys(others).length > 0) return ok(undefined)
  const failures =
    consecutive5xxErrors === undefined
      ? {}
      : { consecutive_5xx: consecutive5xxErrors, enforcing_consecutive_5xx: consecutive5xxErrors === 0 ? 0 : 100 }
  const percent = maxEjectionPercent === undefined ? {} : { max_ejection_percent: maxEjectionPercent }
  const times = both(
    time(interval, below(place, 'interval')),
    time(baseEjectionTime, below(place, 'baseEjectionTime')),
    (a, b) => ({
      ...(a === undefined ? {} : { interval: a }),
      ...(b === undefined ? {} : { base_ejection_time: b }),
    }),
  )
  return both(times, counts({ consecutive5xxErrors, maxEjectionPercent }, place), (found) => ({
    ...failures,
    // pilot sets this always: a success rate has no meaning for so few hosts.
    enforcing_success_rate: 0,
    ...found,
    ...percent,
  }))
}

function time(value: unknown, place: Place): Outcome<string | undefined> {
  if (value === undefined) return ok(undefined)
  const found = typeof value === 'string' ? protoDuration(value) : undefined
  return found === undefined ? fail([error(place, 'must be a duration, such as `10s`')]) : ok(found)
}

function counts(fields: Readonly<Record<string, unknown>>, place: Place): Outcome<undefined> {
  const wrong = Object.entries(fields).filter(
    ([, value]) => value !== undefined && (typeof value !== 'number' || !Number.isInteger(value) || value < 0),
  )
  return wrong.length === 0
    ? ok(undefined)
    : fail(wrong.map(([name]) => error(below(place, name), 'must be an integer from 0')))
}

/** A DestinationRule's settings are not typed where they are read: see src/mesh/traffic-policy.ts. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null))
    : {}
}
