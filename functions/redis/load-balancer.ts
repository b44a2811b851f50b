import { below, error, fail, type Outcome, ok, type Place } from 'meltemi'
import type { LoadBalancer } from './kinds.ts'

/** Fields of Envoy's Cluster that make it hash; merged onto istiod's own, so that all else of it stays. */
export type HashingFields =
  | { readonly lb_policy: 'MAGLEV'; readonly maglev_lb_config?: { readonly table_size: number } }
  | {
      readonly lb_policy: 'RING_HASH'
      readonly ring_hash_lb_config: { readonly hash_function: 'MURMUR_HASH_2'; readonly minimum_ring_size?: number }
    }

/** `place` is that of `loadBalancer`. */
export function hashingFields({ maglev, ringHash }: LoadBalancer, place: Place): Outcome<HashingFields> {
  if (ringHash !== undefined) {
    const size = ringHash.minimumRingSize
    const config = {
      hash_function: 'MURMUR_HASH_2' as const,
      ...(size === undefined ? {} : { minimum_ring_size: size }),
    }
    return ok({ lb_policy: 'RING_HASH', ring_hash_lb_config: config })
  }
  const size = maglev?.tableSize
  if (size === undefined) return ok({ lb_policy: 'MAGLEV' })
  if (isPrime(size)) return ok({ lb_policy: 'MAGLEV', maglev_lb_config: { table_size: size } })
  const message = 'must be a prime number, such as 65537 (the default)'
  return fail([error(below(below(place, 'maglev'), 'tableSize'), message, { currentValue: size })])
}

/** Envoy's and Istio's rule for the size of a Maglev table. */
export function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor += 1) if (n % divisor === 0) return false
  return n > 1
}
