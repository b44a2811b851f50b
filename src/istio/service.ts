import type * as t from 'io-ts'
import { listWithHoles, optional, struct } from './codec.ts'
import { Metadata } from './metadata.ts'
import { portNumber, portNumberOrName, text, textList, textMap } from './scalars.ts'

/** Kubernetes' `v1` Service. */
export interface Service {
  readonly metadata: Metadata
  readonly spec: ServiceSpec
}

export interface ServiceSpec {
  readonly type?: string
  /** `None` makes it headless; absent or empty where the cluster is to choose. */
  readonly clusterIP?: string
  readonly clusterIPs?: readonly string[]
  readonly selector?: Readonly<Record<string, string>>
  readonly ports?: readonly (ServicePort | undefined)[]
}

export interface ServicePort {
  readonly port: number
  readonly name?: string
  readonly protocol?: string
  readonly appProtocol?: string
  readonly targetPort?: number | string
}

const ServicePort: t.Type<ServicePort, unknown> = struct<ServicePort>('a port', {
  port: portNumber,
  name: optional(text),
  protocol: optional(text),
  appProtocol: optional(text),
  targetPort: optional(portNumberOrName),
})

export const Service: t.Type<Service, unknown> = struct<Service>('a Service', {
  metadata: Metadata,
  spec: struct<ServiceSpec>('an object', {
    type: optional(text),
    clusterIP: optional(text),
    clusterIPs: optional(textList),
    selector: optional(textMap),
    ports: optional(listWithHoles('a list of ports', ServicePort)),
  }),
})
