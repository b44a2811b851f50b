import {
  below,
  chain,
  type Diagnostics,
  type InboundListener,
  type L7Port,
  map,
  type Outcome,
  ok,
  type Plan,
  remark,
  statPrefix,
  staysUnfiltered,
  warning,
} from 'meltemi'
import { defaultOpTimeout } from './pool-settings.ts'
import type { Prepared, RedisContext } from './prepared.ts'
import { REDIS_PROXY_TYPE } from './redis-proxy.ts'

/**
 * redis_proxy on the server's own sidecar, where the user asks for it. It cannot use the cluster that istiod builds there
 * (ORIGINAL_DST: every command gets `no upstream host`), so that cluster becomes a static one. `lb_policy` must be said:
 * the one that istiod set belongs to ORIGINAL_DST, and Envoy refuses it elsewhere.
 */
export function inboundPlan(listener: InboundListener, context: RedisContext): Outcome<Plan | undefined> {
  const { config, prepared } = context
  if (config.inbound !== true) return ok(undefined)
  const { cluster, containerPort, ports } = listener
  const unfit = ports.flatMap((port) => unfitBecause(port, prepared))
  if (unfit.length > 0) return remark(undefined, unfit)
  const plan = map(defaultOpTimeout(context), (opTimeout): Plan => {
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
      rows: () => [{ calls: 'every key', destination: `the server's port ${containerPort}, at 127.0.0.1` }],
    }
  })
  return chain(plan, (value) =>
    remark(
      value,
      ports.flatMap((port) => answeredBeforeTheServer(port, prepared)),
    ),
  )
}

/** EXISTS has a key, so it is passed on; PING has none, and redis_proxy says PONG whether or not there is a server. */
function answeredBeforeTheServer({ hostname }: L7Port, { destinations }: Prepared): Diagnostics {
  const destination = destinations.get(hostname)
  const check = destination?.spec.trafficPolicy?.healthCheck
  if (destination === undefined || check === undefined || check.key !== undefined) return []
  const message = `cannot tell which servers of ${hostname} are well: PING is answered by the redis_proxy of the servers' own sidecars (\`inbound: true\`), so that a dead server stays in use. Name a \`key\`: EXISTS is passed on; or leave \`inbound\` out`
  return [warning(['trafficPolicy', 'healthCheck'].reduce(below, destination.place), message)]
}

/** Servers that would not be reached through a redis_proxy that knows no more than where they are. */
function unfitBecause(port: L7Port, { servers }: Prepared): Diagnostics {
  const { hostname, number } = port
  const none = `${hostname}:${number} gets no inbound filter`
  // What is wrong has been said, and whether it was to say `auth` is not known.
  if (servers.broken.has(hostname)) return [staysUnfiltered(port, 'its RedisDestination')]
  const destination = servers.byHost.get(hostname)
  const redis = destination?.spec.trafficPolicy?.connectionPool?.redis
  if (destination === undefined || redis === undefined) return []
  const place = ['trafficPolicy', 'connectionPool', 'redis'].reduce(below, destination.place)
  if (redis.mode === 'CLUSTER')
    return [
      warning(below(place, 'mode'), `${none}: redis_proxy does not pass CLUSTER on, by which sidecars find the nodes`),
    ]
  if (redis.auth === undefined) return []
  return [
    warning(
      below(place, 'auth'),
      `${none}: redis_proxy does not pass AUTH on, so the clients' sidecars could not sign in`,
    ),
  ]
}
