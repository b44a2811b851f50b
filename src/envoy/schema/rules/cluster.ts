import { isAddress } from '../../../mesh/address.ts'
import type { JsonObject } from '../walk.ts'
import { type CppRule, child, children, type Finding, finding, has, innerType, when } from './rule.ts'

const CLUSTER = 'envoy.config.cluster.v3.Cluster'

/** Rules of whole clusters: what is merged into istiod's own is not asked. */
export const clusterRules: readonly CppRule[] = [
  {
    on: CLUSTER,
    name: 'cluster-eds',
    says: '`eds_cluster_config` belongs to `type: EDS`, and only there',
    envoy: 'cannot create an EDS cluster without an EDS config',
    find: (cluster) => [
      ...when(
        cluster.type === 'EDS' && !has(cluster, 'eds_cluster_config'),
        [],
        'must have `eds_cluster_config`, as its type is EDS',
      ),
      ...when(
        cluster.type !== 'EDS' && has(cluster, 'eds_cluster_config'),
        ['eds_cluster_config'],
        'must stand in a cluster of type EDS',
      ),
    ],
  },
  {
    on: CLUSTER,
    name: 'cluster-health-checks',
    says: 'there is at most one health check',
    envoy: 'Multiple health checks not supported',
    find: ({ health_checks: checks }) =>
      when(Array.isArray(checks) && checks.length > 1, ['health_checks'], 'must have at most 1 item'),
  },
  {
    on: 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
    name: 'tls-sni',
    says: '`sni` has no NUL',
    envoy: 'SNI names containing NULL-byte are not allowed',
    find: ({ sni }) => when(typeof sni === 'string' && sni.includes('\0'), ['sni'], 'must not contain a NUL'),
  },
  {
    on: CLUSTER,
    name: 'cluster-provided',
    says: '`lb_policy: CLUSTER_PROVIDED` belongs to clusters that bring a load balancer, such as Redis Cluster, and these need it',
    envoy: 'did not provide one. Check cluster documentation.',
    find: (cluster) => {
      const provides =
        child(cluster, 'cluster_type', 'typed_config')['@type'] !== undefined || cluster.type === 'ORIGINAL_DST'
      const asks = cluster.lb_policy === 'CLUSTER_PROVIDED'
      const isRedis = child(cluster, 'cluster_type').name === 'envoy.clusters.redis'
      return [
        ...when(
          asks && !provides,
          ['lb_policy'],
          'must not be CLUSTER_PROVIDED: this cluster type has no load balancer of its own',
        ),
        ...when(
          isRedis && !asks,
          ['lb_policy'],
          'must be CLUSTER_PROVIDED: only the Redis cluster itself knows which node has a slot',
        ),
      ]
    },
  },
  {
    on: 'envoy.config.cluster.v3.Cluster.CustomClusterType',
    name: 'cluster-type-name',
    says: "`name` is the cluster type's own",
    envoy: 'Redis cluster can only created with redis cluster type.',
    find: (type) => {
      const isRedis = innerType(child(type, 'typed_config')) === 'envoy.extensions.clusters.redis.v3.RedisClusterConfig'
      return [
        ...when(isRedis && type.name !== 'envoy.clusters.redis', ['name'], 'must be envoy.clusters.redis'),
        ...when(!has(type, 'typed_config'), [], 'must have `typed_config`'),
      ]
    },
  },
  {
    on: 'envoy.config.cluster.v3.Cluster.EdsClusterConfig',
    name: 'config-source',
    says: '`eds_config` is set',
    envoy: 'Missing config source specifier in',
    find: (eds) => when(!has(eds, 'eds_config'), [], 'must have `eds_config`'),
  },
  {
    on: 'envoy.config.cluster.v3.LoadBalancingPolicy.Policy',
    name: 'load-balancing-policies',
    says: '`typed_extension_config` is set',
    envoy: "didn't find a registered load balancer factory implementation",
    find: (policy) => when(!has(policy, 'typed_extension_config'), [], 'must have `typed_extension_config`'),
  },
  {
    on: 'envoy.config.cluster.v3.Cluster.RingHashLbConfig',
    name: 'ring-size',
    says: '`maximum_ring_size` is at least `minimum_ring_size`',
    envoy: 'ring hash: minimum_ring_size (1024) > maximum_ring_size (10)',
    // Defaults as in ring_hash_lb.cc.
    find: ({ minimum_ring_size: min = 1024, maximum_ring_size: max = 8_388_608 }) =>
      when(Number(min) > Number(max), ['maximum_ring_size'], `must be at least \`minimum_ring_size\`, ${min}`),
  },
  maglevPrime('envoy.config.cluster.v3.Cluster.MaglevLbConfig'),
  maglevPrime('envoy.extensions.load_balancing_policies.maglev.v3.Maglev'),
  {
    on: 'envoy.config.cluster.v3.LoadBalancingPolicy',
    name: 'load-balancing-policies',
    says: '`policies` names at least one',
    envoy: "didn't find a registered load balancer factory implementation",
    find: (policy) => when(children(policy, 'policies').length === 0, ['policies'], 'must have at least 1 item'),
  },
  {
    on: CLUSTER,
    name: 'cluster-static-address',
    says: 'endpoints of a STATIC or EDS cluster are IP addresses',
    envoy:
      "malformed IP address: host.example. Consider setting resolver_name or setting cluster type to 'STRICT_DNS' or 'LOGICAL_DNS'",
    find: (cluster) => (has(cluster, 'cluster_type') || (cluster.type ?? 'STATIC') !== 'STATIC' ? [] : names(cluster)),
  },
  {
    on: CLUSTER,
    name: 'protocol-options-key',
    says: 'keys of `typed_extension_protocol_options` are names of filters',
    envoy: "Didn't find a registered network or http filter or protocol options implementation for name",
    find: (cluster) =>
      Object.entries(child(cluster, 'typed_extension_protocol_options')).flatMap(([key, config]) =>
        optionsKey(key, config),
      ),
  },
]

function maglevPrime(on: string): CppRule {
  return {
    on,
    name: 'maglev-prime',
    says: '`table_size` is a prime number',
    envoy: 'The table size of maglev must be prime number',
    find: ({ table_size: size }) =>
      when(typeof size === 'number' && !isPrime(size), ['table_size'], `must be a prime number, not ${size}`),
  }
}

function names(cluster: JsonObject): readonly Finding[] {
  return children(child(cluster, 'load_assignment'), 'endpoints').flatMap(([i, locality]) =>
    children(locality, 'lb_endpoints').flatMap(([j, host]) => {
      const { address } = child(host, 'endpoint', 'address', 'socket_address')
      const at = [
        'load_assignment',
        'endpoints',
        i,
        'lb_endpoints',
        j,
        'endpoint',
        'address',
        'socket_address',
        'address',
      ]
      return typeof address !== 'string' || isAddress(address)
        ? []
        : [finding(at, `must be an IP address in a STATIC cluster, not "${address}"`)]
    }),
  )
}

function optionsKey(key: string, config: unknown): readonly Finding[] {
  const type = typeof config === 'object' && config !== null && '@type' in config ? String(config['@type']) : ''
  const [, filter] = /\.network\.([a-z_]+)\.v3\.[A-Za-z]+ProtocolOptions$/.exec(type) ?? []
  const wanted = `envoy.filters.network.${filter}`
  return when(
    filter !== undefined && key !== wanted,
    ['typed_extension_protocol_options', key],
    `the key must be ${wanted}`,
  )
}

function isPrime(n: number): boolean {
  if (!Number.isInteger(n) || n < 2) return false
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false
  return true
}
