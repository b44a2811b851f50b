import {
  all,
  below,
  type ClusterChange,
  chain,
  type Diagnostic,
  type Diagnostics,
  error,
  type L7Port,
  map,
  type Outcome,
  ok,
  type Place,
  remark,
  say,
  type Upstream,
  warning,
} from 'meltemi'
import { both } from './both.ts'
import { type ConnectionFields, connectionFields } from './connection.ts'
import { credentials } from './credentials.ts'
import type { Declared } from './declared.ts'
import { healthCheck, type RedisHealthCheck } from './health-check.ts'
import type { RedisDestinationSpec } from './kinds.ts'
import { type HashingFields, hashingFields } from './load-balancer.ts'
import type { RedisContext } from './prepared.ts'
import { type ProtocolOptions, protocolOptions } from './protocol-options.ts'
import { redisCluster } from './redis-cluster.ts'
import { spreadOf } from './spread.ts'

/** Fields merged onto a cluster of istiod: those alone change, so that TLS, endpoints, locality and outlier detection stay. */
interface MergedFields extends ConnectionFields {
  readonly typed_extension_protocol_options?: ProtocolOptions
  readonly health_checks?: readonly RedisHealthCheck[]
}

/**
 * What changes on the clusters of a port, those of its subsets included. A port's clusters are changed by its own filter
 * and by no other, whoever sends keys there: twice merged, a list would have everything twice.
 */
export function clusterChanges(port: L7Port, own: Upstream, context: RedisContext): Outcome<readonly ClusterChange[]> {
  const destination = context.prepared.destinations.get(port.hostname)
  return chain(mergedFields(destination, port, context), (fields) => {
    const redis = destination?.spec.trafficPolicy?.connectionPool?.redis
    if (destination !== undefined && redis?.mode === 'CLUSTER') {
      const place = below(below(below(destination.place, 'trafficPolicy'), 'connectionPool'), 'redis')
      return say(redisCluster(redis, place, fields, own, port, context), clusterRemarks(destination))
    }
    const subsets = port.subsets.map(({ name, place }) =>
      context.resolve({
        place,
        namespace: port.namespace,
        host: port.hostname,
        port: port.number,
        subset: name,
        clients: port.clientNamespaces,
      }),
    )
    const said = destination === undefined ? [] : proxyRemarks(destination)
    const merges = chain(all([ok(own), ...subsets]), (upstreams) =>
      all(upstreams.map((upstream) => merge(upstream, destination, fields, context))),
    )
    return say(
      map(merges, (changes) => changes.filter((change) => change !== undefined)),
      said,
    )
  })
}

/** What a RedisDestination says of each connection and of each server, whatever its mode. */
function mergedFields(
  destination: Declared<RedisDestinationSpec> | undefined,
  port: L7Port,
  context: RedisContext,
): Outcome<MergedFields> {
  if (destination === undefined) return ok({})
  const policy = below(destination.place, 'trafficPolicy')
  const pool = below(policy, 'connectionPool')
  const { connectionPool: { tcp, redis } = {}, healthCheck: check } = destination.spec.trafficPolicy ?? {}
  const connections =
    tcp === undefined
      ? ok({})
      : chain(connectionFields(tcp, below(pool, 'tcp')), (fields) => remark(fields, unused(tcp, destination)))
  const site = {
    saidBy: 'proxy',
    place: below(below(pool, 'redis'), 'auth'),
    namespace: destination.namespace,
    port,
  } as const
  const auth =
    redis?.auth === undefined
      ? ok({})
      : map(credentials(redis.auth, site, context), (found) => ({
          typed_extension_protocol_options: protocolOptions(found),
        }))
  const checks =
    check === undefined
      ? ok({})
      : map(healthCheck(check, below(policy, 'healthCheck')), (one) => ({ health_checks: [one] }))
  return both(both(connections, auth, join), checks, join)
}

function join<A extends object, B extends object>(a: A, b: B): A & B {
  return { ...a, ...b }
}

/** Envoy's redis_proxy keeps clients of its own, which no circuit breaker counts: Aeraki's threshold had no effect either. */
function unused(
  { maxConnections }: { readonly maxConnections?: number },
  { place }: Declared<RedisDestinationSpec>,
): Diagnostics {
  if (maxConnections === undefined) return []
  const here = ['trafficPolicy', 'connectionPool', 'tcp', 'maxConnections'].reduce(below, place)
  return [
    warning(
      here,
      'has no effect: redis_proxy implements no circuit breaking, and keeps one connection to each server for each worker thread',
      { currentValue: maxConnections },
    ),
  ]
}

function merge(
  upstream: Upstream,
  destination: Declared<RedisDestinationSpec> | undefined,
  fields: MergedFields,
  context: RedisContext,
): Outcome<ClusterChange | undefined> {
  const spread = spreadOf(upstream, context)
  const hashing: Outcome<HashingFields | object> =
    spread.kind === 'merged'
      ? hashingFields(
          spread.loadBalancer,
          below(below(destination?.place ?? upstream.portPlace, 'trafficPolicy'), 'loadBalancer'),
        )
      : ok({})
  return map(hashing, (balance) => {
    const value = { ...balance, ...fields }
    return Object.keys(value).length === 0 ? undefined : { operation: 'MERGE', cluster: upstream.cluster, value }
  })
}

/** Fields that only a Redis Cluster reads. */
function proxyRemarks({ spec, place }: Declared<RedisDestinationSpec>): Diagnostics {
  const { mode: _, auth: __, ...others } = spec.trafficPolicy?.connectionPool?.redis ?? {}
  const here = ['trafficPolicy', 'connectionPool', 'redis'].reduce(below, place)
  return Object.keys(others).map((name) =>
    warning(below(here, name), `\`${name}\` has no effect without \`mode: CLUSTER\``),
  )
}

/** Fields that a Redis Cluster does not read. */
function clusterRemarks({ spec, place }: Declared<RedisDestinationSpec>): Diagnostics {
  if (spec.trafficPolicy?.loadBalancer === undefined) return []
  return [
    warning(
      ['trafficPolicy', 'loadBalancer'].reduce(below, place),
      'has no effect with `mode: CLUSTER`: the nodes themselves say who has which slot',
    ),
  ]
}

/** A Redis Cluster stands beside istiod's clusters, and those for subsets know nothing of it. */
export function clusterSubset({ subset = '', hostname }: Upstream, place: Place): Diagnostic {
  const message = `\`subset\` cannot be sent to: ${hostname} is a Redis Cluster (\`mode: CLUSTER\`), and all of its nodes are one cluster; leave "${subset}" out`
  return error(below(place, 'subset'), message)
}
