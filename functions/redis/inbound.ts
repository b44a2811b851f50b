import { below, type InboundListener, map, type Outcome, ok, type Plan, statPrefix } from 'meltemi'
import { DEFAULT_OP_TIMEOUT } from './config.ts'
import { duration } from './durations.ts'
import type { RedisContext } from './prepared.ts'
import { REDIS_PROXY_TYPE } from './redis-proxy.ts'

/**
 * redis_proxy on the server's own sidecar, where the user asks for it. It cannot use the cluster that istiod builds there
 * (ORIGINAL_DST: every command gets `no upstream host`), so that cluster becomes a static one. `lb_policy` must be said:
 * the one that istiod set belongs to ORIGINAL_DST, and Envoy refuses it elsewhere.
 */
export function inboundPlan(
  listener: InboundListener,
  { config, configPlace }: RedisContext,
): Outcome<Plan | undefined> {
  if (config.inbound !== true) return ok(undefined)
  const { cluster, containerPort, ports } = listener
  const timeout =
    config.opTimeout === undefined || configPlace === undefined
      ? ok(DEFAULT_OP_TIMEOUT)
      : duration(config.opTimeout, below(configPlace, 'opTimeout'))
  return map(timeout, (opTimeout): Plan => {
    const filter = {
      name: 'envoy.filters.network.redis_proxy',
      typed_config: {
        '@type': REDIS_PROXY_TYPE,
        stat_prefix: `${statPrefix(ports[0])}_inbound`,
        settings: { op_timeout: opTimeout },
        prefix_routes: { catch_all_route: { cluster } },
      },
    }
    const server = { endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: containerPort } } } }
    const value = {
      type: 'STATIC',
      lb_policy: 'LEAST_REQUEST',
      load_assignment: { cluster_name: cluster, endpoints: [{ lb_endpoints: [server] }] },
    }
    return {
      filters: [{ place: 'replace', filter }],
      clusters: [{ operation: 'MERGE', cluster, value }],
      rows: [{ calls: 'every key', destination: `the server's port ${containerPort}, at 127.0.0.1` }],
    }
  })
}
