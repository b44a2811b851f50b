import type * as t from 'io-ts'
import { list, optional, struct } from './codec.ts'
import { Metadata } from './metadata.ts'
import { count, portMap, portNumber, text, textMap } from './scalars.ts'

/** What a Deployment, StatefulSet or DaemonSet stamps out, or a Pod is. */
export interface PodTemplate {
  readonly metadata?: PodMetadata
  readonly spec: PodSpec
}

export interface PodMetadata {
  readonly labels?: Readonly<Record<string, string>>
}

export interface PodSpec {
  readonly containers?: readonly Container[]
  readonly initContainers?: readonly Container[]
}

export interface Container {
  readonly name?: string
  readonly ports?: readonly ContainerPort[]
  /** `Always` on an init container makes it a sidecar, whose ports count. */
  readonly restartPolicy?: string
}

export interface ContainerPort {
  readonly containerPort: number
  readonly name?: string
  readonly protocol?: string
}

/** `apps/v1` Deployment, StatefulSet and DaemonSet, which has no `replicas`. */
export interface Controller {
  readonly metadata: Metadata
  readonly spec: { readonly replicas?: number; readonly template: PodTemplate }
}

/** `v1` Pod. */
export interface Pod {
  readonly metadata: Metadata
  readonly spec: PodSpec
}

/** Pods with one template, whichever kind makes them. */
export interface Workload {
  readonly metadata: Metadata
  readonly labels: Readonly<Record<string, string>>
  /** As written; Kubernetes' default is 1. */
  readonly replicas?: number
  readonly spec: PodSpec
}

/** `networking.istio.io` WorkloadEntry: a machine outside Kubernetes. */
export interface WorkloadEntry {
  readonly metadata: Metadata
  readonly spec: WorkloadEntrySpec
}

export interface WorkloadEntrySpec {
  readonly address?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly ports?: Readonly<Record<string, number>>
}

const containers = list(
  'a list of containers',
  struct<Container>('a container', {
    name: optional(text),
    restartPolicy: optional(text),
    ports: optional(
      list(
        'a list of container ports',
        struct<ContainerPort>('a container port', {
          containerPort: portNumber,
          name: optional(text),
          protocol: optional(text),
        }),
      ),
    ),
  }),
)

const PodSpec: t.Type<PodSpec, unknown> = struct<PodSpec>('an object', {
  containers: optional(containers),
  initContainers: optional(containers),
})

export const Controller: t.Type<Controller, unknown> = struct<Controller>('a workload', {
  metadata: Metadata,
  spec: struct<Controller['spec']>('an object', {
    replicas: optional(count),
    template: struct<PodTemplate>('an object', {
      metadata: optional(struct<PodMetadata>('an object', { labels: optional(textMap) })),
      spec: PodSpec,
    }),
  }),
})

export const Pod: t.Type<Pod, unknown> = struct<Pod>('a Pod', { metadata: Metadata, spec: PodSpec })

export const WorkloadEntry: t.Type<WorkloadEntry, unknown> = struct<WorkloadEntry>('a WorkloadEntry', {
  metadata: Metadata,
  spec: struct<WorkloadEntrySpec>('an object', {
    address: optional(text),
    labels: optional(textMap),
    ports: optional(portMap),
  }),
})

export function controllerWorkload({ metadata, spec: { replicas, template } }: Controller): Workload {
  const labels = template.metadata?.labels ?? {}
  return { metadata, labels, spec: template.spec, ...(replicas === undefined ? {} : { replicas }) }
}

export function podWorkload({ metadata, spec }: Pod): Workload {
  return { metadata, labels: metadata.labels ?? {}, spec }
}
