import { GOLDEN, type Mutation, spoilOutput, spoilPlan, spoilProtocol } from './mutation.ts'

/** Faults that Thrift's own part can have. */
export const thriftMutations: readonly Mutation[] = [
  {
    name: 'what the server is spoken to in is forgotten',
    caughtBy: GOLDEN,
    on: 'conversion',
    mutate: spoilPlan((plan) => ({ ...plan, clusters: [] })),
  },
  {
    name: 'calls of a service whose limit has errors are unlimited',
    caughtBy: GOLDEN,
    on: 'rate-limit-refused',
    mutate: spoilProtocol((protocol) => ({
      ...protocol,
      prepare: (listeners, context) => ({ ...Object(protocol.prepare?.(listeners, context)), broken: new Map() }),
    })),
  },
  {
    name: 'a percentage is rounded in silence',
    caughtBy: GOLDEN,
    on: 'mirror-refused',
    mutate: spoilProtocol(({ objection: _, ...protocol }) => protocol),
  },
  {
    name: 'connections are not limited',
    caughtBy: GOLDEN,
    on: 'rate-limit-connections',
    mutate: spoilPlan((plan) => ({ ...plan, filters: plan.filters.filter(({ place }) => place !== 'before') })),
  },
  {
    name: 'the rate-limit service is a cluster that istiod does not build',
    caughtBy: 'a filter names the port that asked for it',
    on: 'rate-limit-service',
    mutate: spoilOutput((output) => output.replaceAll(/(cluster_name: "?outbound\|)\d+/g, '$11')),
  },
  {
    name: 'an action that Envoy knows from HTTP is written',
    caughtBy: 'Envoy takes every config, on every release of the range',
    on: 'rate-limit-calls',
    mutate: spoilOutput((output) => output.replaceAll('remote_address:', 'masked_remote_address:')),
  },
]
