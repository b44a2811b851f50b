import { GOLDEN, type Mutation, spoilOutput, spoilPlan, spoilProtocol } from './mutation.ts'

/** Faults that Redis' own part can have, Aeraki's among them. */
export const redisMutations: readonly Mutation[] = [
  {
    name: 'keys scatter over the servers, since istiod balances them',
    caughtBy: GOLDEN,
    on: 'load-balancer',
    mutate: spoilPlan((plan) => ({ ...plan, clusters: [] })),
  },
  {
    name: "a Redis Cluster is merged onto istiod's cluster, which crashes Envoy",
    caughtBy: GOLDEN,
    on: 'redis-cluster',
    mutate: spoilOutput((output) => output.replaceAll('operation: ADD', 'operation: MERGE')),
  },
  {
    name: 'a headless Service, whose cluster has no endpoints, gets a filter',
    caughtBy: GOLDEN,
    on: 'headless',
    mutate: spoilProtocol((protocol) => ({ ...protocol, needsEndpoints: false })),
  },
  {
    name: 'a load balancer that scatters keys is passed over in silence',
    caughtBy: GOLDEN,
    on: 'destination-rule-loses',
    mutate: spoilProtocol(({ objection: _, ...protocol }) => protocol),
  },
  {
    name: 'a password of the sidecar reaches pods that do not say that they have it, whose sidecars crash',
    caughtBy: GOLDEN,
    on: 'secret-as-file',
    mutate: spoilPlan(({ requiredLabels: _, ...plan }) => plan),
  },
  {
    name: 'the weights of a route are passed over in silence',
    caughtBy: GOLDEN,
    on: 'virtual-service-loses',
    mutate: spoilProtocol((protocol) => ({
      ...protocol,
      supports: [...protocol.supports, 'VirtualService.http.route.weight'],
    })),
  },
  {
    name: 'a read policy is written that older proxies of the mesh do not have',
    caughtBy: 'Envoy takes every config, on every release of the range',
    on: 'redis-cluster',
    mutate: spoilOutput((output) => output.replace('read_policy: PREFER_REPLICA', 'read_policy: LOCAL_ZONE_AFFINITY')),
  },
  {
    name: 'keys of a prefix go to a cluster that istiod does not build',
    caughtBy: 'a filter names the port that asked for it',
    on: 'prefix-routes',
    mutate: spoilOutput((output) => output.replaceAll(/(cluster: "outbound\|)\d+/g, '$11')),
  },
]
