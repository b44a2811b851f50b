import type * as t from 'io-ts'
import { list, optional, struct } from './codec.ts'
import { Metadata } from './metadata.ts'
import { nonEmptyText, portNumber, scopeList, subsetName, textMap } from './scalars.ts'
import { WorkloadSelector } from './service-entry.ts'

/** `networking.istio.io` DestinationRule: https://istio.io/latest/docs/reference/config/networking/destination-rule/ */
export interface DestinationRule {
  readonly metadata: Metadata
  readonly spec: DestinationRuleSpec
}

export interface DestinationRuleSpec {
  readonly host: string
  readonly subsets?: readonly Subset[]
  readonly trafficPolicy?: TrafficPolicy
  readonly exportTo?: readonly string[]
  /** The clients that the rule is for. */
  readonly workloadSelector?: WorkloadSelector
}

export interface Subset {
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  readonly trafficPolicy?: TrafficPolicy
}

/** Its settings are not typed: they are listed as they stand, by src/mesh/features.ts. */
export interface TrafficPolicy {
  readonly portLevelSettings?: readonly PortTrafficPolicy[]
}

export interface PortTrafficPolicy {
  readonly port: { readonly number: number }
}

const TrafficPolicy: t.Type<TrafficPolicy, unknown> = struct<TrafficPolicy>('an object', {
  portLevelSettings: optional(
    list(
      'a list of settings by port',
      struct<PortTrafficPolicy>('an object', {
        port: struct<PortTrafficPolicy['port']>('an object with `number`', { number: portNumber }),
      }),
    ),
  ),
})

export const DestinationRule: t.Type<DestinationRule, unknown> = struct<DestinationRule>('a DestinationRule', {
  metadata: Metadata,
  spec: struct<DestinationRuleSpec>('an object', {
    host: nonEmptyText,
    subsets: optional(
      list(
        'a list of subsets',
        struct<Subset>('a subset', {
          name: subsetName,
          labels: optional(textMap),
          trafficPolicy: optional(TrafficPolicy),
        }),
      ),
    ),
    trafficPolicy: optional(TrafficPolicy),
    exportTo: optional(scopeList),
    workloadSelector: optional(WorkloadSelector),
  }),
})
