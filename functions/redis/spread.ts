import type { Upstream } from 'meltemi'
import type { LoadBalancer } from './kinds.ts'
import { isPrime } from './load-balancer.ts'
import type { RedisContext } from './prepared.ts'

/** How keys find their endpoint again. */
export type Spread =
  /** A Redis Cluster: its nodes say who has which slot. */
  | { readonly kind: 'cluster' }
  /** Hashed over the endpoints by istiod's own cluster, as a DestinationRule says. */
  | { readonly kind: 'hashed' }
  /** Hashed over the endpoints once our change is on the cluster. */
  | { readonly kind: 'merged'; readonly loadBalancer: LoadBalancer }
  /** There is one endpoint. */
  | { readonly kind: 'single' }
  /** Anywhere: a key that was written is not found again. */
  | { readonly kind: 'scattered'; readonly why: string }

/** What the list says about an upstream's endpoints; nothing is assumed that it does not say. */
export function spreadOf(upstream: Upstream, context: RedisContext): Spread {
  const { spreads } = context.prepared
  const known = spreads.get(upstream)
  if (known !== undefined) return known
  const spread = decide(upstream, context)
  spreads.set(upstream, spread)
  return spread
}

function decide(upstream: Upstream, { prepared, config }: RedisContext): Spread {
  const { hostname, port, discovery, endpoints, isOfProtocol, policy } = upstream
  const policyOfRedis = prepared.destinations.get(hostname)?.spec.trafficPolicy
  if (isOfProtocol && policyOfRedis?.connectionPool?.redis?.mode === 'CLUSTER') return { kind: 'cluster' }
  if (discovery === 'dialled')
    return {
      kind: 'scattered',
      why: `${hostname}:${port} has no endpoints that redis_proxy could choose from: Istio's cluster for it dials whatever address the client dialled (a headless Service, resolution NONE or a PASSTHROUGH load balancer)`,
    }
  const own = policyOfRedis?.loadBalancer
  if (own !== undefined && isOfProtocol) return { kind: 'merged', loadBalancer: own }
  if (isConsistentHash(policy.loadBalancer?.value)) {
    const size = maglevSize(policy.loadBalancer?.value)
    if (size === undefined || isPrime(size)) return { kind: 'hashed' }
    const why = `${hostname}:${port} has a DestinationRule that Istio refuses: \`maglev.tableSize\` must be a prime number`
    return { kind: 'scattered', why }
  }
  if (endpoints === 1) return { kind: 'single' }
  const isSharded = prepared.destinations.has(hostname) || prepared.isSharded(hostname)
  if (isOfProtocol && (isSharded || config.sharding !== undefined))
    return { kind: 'merged', loadBalancer: config.sharding === 'ringHash' ? { ringHash: {} } : { maglev: {} } }
  const count =
    endpoints === undefined
      ? 'may have several endpoints (the list does not say how many)'
      : `has ${endpoints} endpoints`
  return {
    kind: 'scattered',
    why: `${hostname}:${port} ${count} and no consistent hash, so a key that was written on one would be looked for on another`,
  }
}

/** What a user can do about scattered keys. */
export function waysToShard({ hostname, isOfProtocol, discovery }: Upstream): string {
  if (discovery === 'dialled') return 'Let clients use a Service with an address, without PASSTHROUGH'
  const rename = isOfProtocol ? '' : `name its port \`tcp-redis\` and `
  return (
    `If they hold parts of the data, shard: a DestinationRule for ${hostname} with \`loadBalancer: {consistentHash: {useSourceIp: true, maglev: {tableSize: 65537}}}\` ` +
    `(redis_proxy always hashes the key; \`useSourceIp\` only fills the required field), or ${rename}write a RedisDestination for it. ` +
    'If they are nodes of a Redis Cluster, write a RedisDestination with `mode: CLUSTER`'
  )
}

function isConsistentHash(loadBalancer: unknown): boolean {
  return typeof loadBalancer === 'object' && loadBalancer !== null && 'consistentHash' in loadBalancer
}

/** NaN where there is no number: Istio demands one, and that it is prime. `undefined`: the hash is not maglev's. */
function maglevSize(loadBalancer: unknown): number | undefined {
  const { maglev } = Object(Object(loadBalancer).consistentHash)
  if (maglev === undefined || maglev === null) return undefined
  const { tableSize } = Object(maglev)
  return typeof tableSize === 'number' ? tableSize : Number.NaN
}
