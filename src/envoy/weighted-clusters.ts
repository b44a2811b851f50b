import type { Destination } from '../mesh/l7-port.ts'

/** Where a route sends calls, as the Dubbo, generic and HTTP routers of Envoy say it. */
export type ClusterSpecifier =
  | { readonly cluster: string }
  | { readonly weighted_clusters: { readonly clusters: readonly WeightedCluster[] } }

export interface WeightedCluster {
  readonly name: string
  readonly weight: number
}

/**
 * One destination is a cluster, several are weighted. The weight is always written: Envoy's Dubbo and Thrift routers
 * read it as required. `total_weight` is not: only HTTP compared it, and it is deprecated since Envoy 1.24.
 */
export function clusterSpecifier(destinations: readonly Destination[]): ClusterSpecifier {
  const [only, ...others] = destinations
  if (only !== undefined && others.length === 0) return { cluster: only.cluster }
  return { weighted_clusters: { clusters: destinations.map(({ cluster, weight }) => ({ name: cluster, weight })) } }
}
