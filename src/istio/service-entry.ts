import type * as t from 'io-ts'
import { list, listWithHoles, optional, struct } from './codec.ts'
import { Metadata } from './metadata.ts'
import { hostList, nonEmptyText, portMap, portNumber, scopeList, text, textList, textMap } from './scalars.ts'

/** `networking.istio.io` ServiceEntry: https://istio.io/latest/docs/reference/config/networking/service-entry/ */
export interface ServiceEntry {
  readonly metadata: Metadata
  readonly spec: ServiceEntrySpec
}

export interface ServiceEntrySpec {
  readonly hosts: readonly string[]
  readonly addresses?: readonly string[]
  readonly ports?: readonly (ServiceEntryPort | undefined)[]
  readonly resolution?: string
  readonly endpoints?: readonly Endpoint[]
  readonly workloadSelector?: WorkloadSelector
  readonly exportTo?: readonly string[]
  /** Names that a server's certificate must bear, unless a DestinationRule has its own. */
  readonly subjectAltNames?: readonly string[]
}

export interface ServiceEntryPort {
  readonly number: number
  readonly name: string
  /** What Istio makes of the port; absent means that it sniffs. */
  readonly protocol?: string
  readonly targetPort?: number
}

export interface Endpoint {
  readonly address?: string
  readonly ports?: Readonly<Record<string, number>>
}

export interface WorkloadSelector {
  readonly labels?: Readonly<Record<string, string>>
}

export const WorkloadSelector: t.Type<WorkloadSelector, unknown> = struct<WorkloadSelector>('an object', {
  labels: optional(textMap),
})

export const ServiceEntry: t.Type<ServiceEntry, unknown> = struct<ServiceEntry>('a ServiceEntry', {
  metadata: Metadata,
  spec: struct<ServiceEntrySpec>('an object', {
    hosts: hostList,
    addresses: optional(textList),
    ports: optional(
      listWithHoles(
        'a list of ports',
        struct<ServiceEntryPort>('a port', {
          number: portNumber,
          name: nonEmptyText,
          protocol: optional(text),
          targetPort: optional(portNumber),
        }),
      ),
    ),
    resolution: optional(text),
    endpoints: optional(
      list(
        'a list of endpoints',
        struct<Endpoint>('an endpoint', { address: optional(text), ports: optional(portMap) }),
      ),
    ),
    workloadSelector: optional(WorkloadSelector),
    exportTo: optional(scopeList),
    subjectAltNames: optional(textList),
  }),
})
