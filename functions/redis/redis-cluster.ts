import { below, type ClusterChange, type L7Port, type Outcome, ok, type Place, typeUrl, type Upstream } from 'meltemi'
import { both } from './both.ts'
import { carriedSettings } from './carried-settings.ts'
import { redisClusterName } from './cluster-name.ts'
import type { ConnectionFields } from './connection.ts'
import { type Seed, seeds } from './discovery-endpoints.ts'
import { optionalDuration } from './durations.ts'
import { present } from './fields.ts'
import type { RedisHealthCheck } from './health-check.ts'
import type { RedisSettings } from './kinds.ts'
import { since138 } from './minors.ts'
import type { RedisContext } from './prepared.ts'
import type { ProtocolOptions } from './protocol-options.ts'

const REDIS_CLUSTER_TYPE = typeUrl('envoy.extensions.clusters.redis.v3.RedisClusterConfig')

/** What a RedisDestination says beside `redis` itself. */
export interface ClusterParts extends ConnectionFields {
  readonly typed_extension_protocol_options?: ProtocolOptions
  readonly health_checks?: readonly RedisHealthCheck[]
}

/** istiod's default. */
const CONNECT_TIMEOUT = '10s'

/**
 * A real Redis Cluster beside istiod's own cluster: an ADD, never a MERGE, since Envoy crashes when it starts with
 * `envoy.clusters.redis` merged onto a cluster of type EDS. It has nothing of istiod's cluster, so what a DestinationRule says
 * is carried over.
 */
export function redisCluster(
  settings: RedisSettings,
  place: Place,
  parts: ClusterParts,
  upstream: Upstream,
  port: L7Port,
  context: RedisContext,
): Outcome<readonly ClusterChange[]> {
  const from = seeds(settings, place, upstream)
  const whole = both(from, clusterConfig(settings, place, context), (endpoints, config) => ({ endpoints, config }))
  return both(whole, carriedSettings(upstream, context), ({ endpoints, config }, carried): readonly ClusterChange[] => {
    const name = redisClusterName(upstream)
    const value = {
      name,
      // By its semicolon Istio's bootstrap knows where the cluster's name ends in the name of a metric.
      alt_stat_name: `${name};`,
      connect_timeout: CONNECT_TIMEOUT,
      dns_lookup_family: 'V4_PREFERRED',
      lb_policy: 'CLUSTER_PROVIDED',
      // A seed that cannot be reached would keep the whole sidecar from opening any port; and so would every seed by TLS, since
      // Envoy fetches a cluster's certificates after that wait, which cannot end without them.
      wait_for_warm_on_init: false,
      load_assignment: loadAssignment(name, endpoints),
      cluster_type: { name: 'envoy.clusters.redis', typed_config: config },
      metadata: istioMetadata(upstream, port),
      ...carried,
      ...parts,
    }
    return [{ operation: 'ADD', value }]
  })
}

interface RedisClusterConfig {
  readonly '@type': string
  readonly [field: string]: unknown
}

function clusterConfig(settings: RedisSettings, place: Place, { profile }: RedisContext): Outcome<RedisClusterConfig> {
  const rate = optionalDuration(settings.clusterRefreshRate, below(place, 'clusterRefreshRate'))
  const timeout = optionalDuration(settings.clusterRefreshTimeout, below(place, 'clusterRefreshTimeout'))
  const interval = optionalDuration(settings.redirectRefreshInterval, below(place, 'redirectRefreshInterval'))
  const times = both(
    both(rate, timeout, (a, b) => ({ a, b })),
    interval,
    ({ a, b }, c) => ({
      cluster_refresh_rate: a,
      cluster_refresh_timeout: b,
      redirect_refresh_interval: c,
    }),
  )
  const zones =
    settings.enableZoneDiscovery === true
      ? since138('`enableZoneDiscovery`', below(place, 'enableZoneDiscovery'), profile)
      : ok(undefined)
  return both(times, zones, (found) => ({
    '@type': REDIS_CLUSTER_TYPE,
    ...present({
      ...found,
      redirect_refresh_threshold: settings.redirectRefreshThreshold,
      failure_refresh_threshold: settings.failureRefreshThreshold,
      host_degraded_refresh_threshold: settings.hostDegradedRefreshThreshold,
      enable_zone_discovery: settings.enableZoneDiscovery === true ? true : undefined,
    }),
  }))
}

function loadAssignment(cluster: string, endpoints: readonly Seed[]) {
  const hosts = endpoints.map(({ address, port }) => ({
    endpoint: { address: { socket_address: { address, port_value: port } } },
  }))
  return { cluster_name: cluster, endpoints: [{ lb_endpoints: hosts }] }
}

/** What Istio's telemetry knows a cluster's service by. */
function istioMetadata({ hostname, port: number, namespace }: Upstream, { place }: L7Port) {
  const services = [{ host: hostname, name: place.source.ref.name, namespace }]
  return { filter_metadata: { istio: { default_original_port: number, services } } }
}
