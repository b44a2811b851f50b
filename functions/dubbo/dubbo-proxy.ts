import { type ClusterChange, compare, type NetworkFilter, typeUrl } from 'meltemi'
import type { RouteConfiguration } from './route-configuration.ts'

const DUBBO_PROXY_TYPE = typeUrl('envoy.extensions.filters.network.dubbo_proxy.v3.DubboProxy')

/** Bytes: dubbo_proxy holds a whole response in the cluster's buffer, whose 1 MiB default is below Dubbo's own 8 MB payload limit. */
export const DEFAULT_MAX_RESPONSE_BYTES = 33554432

/** `dubbo_filters` is left out: an empty list is the router, the only filter there is. */
export function dubboProxy(statPrefix: string, configurations: readonly RouteConfiguration[]): NetworkFilter {
  return {
    name: 'envoy.filters.network.dubbo_proxy',
    typed_config: {
      '@type': DUBBO_PROXY_TYPE,
      stat_prefix: statPrefix,
      multiple_route_config: { name: statPrefix, route_config: configurations },
    },
  }
}

/** Lets responses up to `bytes` through each cluster that a route names; without it they time out. */
export function responseBuffers(clusters: Iterable<string>, bytes: number): readonly ClusterChange[] {
  return [...new Set(clusters)].sort(compare).map((cluster) => ({
    operation: 'MERGE',
    cluster,
    value: { per_connection_buffer_limit_bytes: bytes },
  }))
}
