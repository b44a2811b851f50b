import {
  below,
  chain,
  error,
  fail,
  type L7Port,
  type NetworkFilter,
  type Outcome,
  ok,
  type Place,
  protoDuration,
  type Resolve,
  typeUrl,
} from 'meltemi'
import type { ThriftFilter } from './thrift-proxy.ts'
import type { Calls, Connections } from './thrift-rate-limit.ts'

const LOCAL_TYPE = typeUrl('envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit')
const GLOBAL_TYPE = typeUrl('envoy.extensions.filters.network.thrift_proxy.filters.ratelimit.v3.RateLimit')

/** Stands before thrift_proxy and closes connections that come when the bucket is empty; calls it does not see. */
export function connectionLimit(statPrefix: string, { burst, refill = burst, interval }: Connections): NetworkFilter {
  return {
    name: 'envoy.filters.network.local_ratelimit',
    typed_config: {
      '@type': LOCAL_TYPE,
      stat_prefix: statPrefix,
      token_bucket: { max_tokens: burst, tokens_per_fill: refill, fill_interval: protoDuration(interval) },
    },
  }
}

/** Stands inside thrift_proxy and asks the rate-limit service about each call. `place`: of the limit's `spec`. */
export function callLimit(
  calls: Calls,
  { place, namespace }: { readonly place: Place; readonly namespace: string },
  port: L7Port,
  resolve: Resolve,
): Outcome<ThriftFilter> {
  const here = below(below(place, 'calls'), 'service')
  const { host, port: number } = calls.service
  const clients = port.clientNamespaces
  const service = resolve({ place: here, namespace, host, clients, ...(number === undefined ? {} : { port: number }) })
  return chain(service, ({ cluster, hostname, port: resolved, isHttp2 }) => {
    if (!isHttp2) {
      const message = `must be a gRPC port: Istio reaches ${hostname}:${resolved} without HTTP/2; name the port \`grpc-<anything>\`, or give it \`appProtocol: grpc\``
      return fail([error(here, message)])
    }
    const timeout = calls.timeout === undefined ? undefined : protoDuration(calls.timeout)
    const filter: ThriftFilter = {
      name: 'envoy.filters.thrift.rate_limit',
      typed_config: {
        '@type': GLOBAL_TYPE,
        domain: calls.domain,
        ...(timeout === undefined ? {} : { timeout }),
        failure_mode_deny: calls.failureMode === 'deny',
        rate_limit_service: {
          // Without an authority Envoy sends the cluster's name, whose `|` gRPC servers refuse.
          grpc_service: { envoy_grpc: { cluster_name: cluster, authority: hostname } },
          transport_api_version: 'V3',
        },
      },
    }
    return ok(filter)
  })
}
