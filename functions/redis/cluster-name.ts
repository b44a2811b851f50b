import type { Upstream } from 'meltemi'
import type { RedisContext } from './prepared.ts'
import { spreadOf } from './spread.ts'

/** The cluster that redis_proxy sends to. */
export function clusterName(upstream: Upstream, context: RedisContext): string {
  return spreadOf(upstream, context).kind === 'cluster' ? redisClusterName(upstream) : upstream.cluster
}

/**
 * A Redis Cluster stands beside istiod's cluster for the service and never bears its name, as ADR 0019 tells. The name has the
 * form of Istio's, for tools that read it; no subset is called so, as they are DNS labels.
 */
export function redisClusterName({ hostname, port }: Pick<Upstream, 'hostname' | 'port'>): string {
  return `outbound|${port}|redis_cluster|${hostname}`
}
