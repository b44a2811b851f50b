import { isLeft } from 'fp-ts/Either'
import type * as t from 'io-ts'
import { type Diagnostic, type Diagnostics, warning } from '../krm/diagnostic.ts'
import { groupOf, type KubernetesObject, type ObjectRef, type Source, type Sourced } from '../krm/object.ts'
import { leaf, optional, struct } from './codec.ts'
import { Metadata, namespaceOf } from './metadata.ts'
import { problemOf } from './problem.ts'
import { nonEmptyText, text } from './scalars.ts'

/** What decides how many pods a workload has, whatever its `replicas` says. */
export interface Autoscaler {
  readonly namespace: string
  /** Absent: it cannot be read, so it may be any of the namespace. */
  readonly target?: ObjectRef
  /** Whether it may make more than one pod, as far as can be read. */
  readonly mayBeSeveral: boolean
}

/** Kubernetes' `CrossVersionObjectReference`; KEDA's has a default for `kind`. */
interface ScaleTargetRef {
  readonly apiVersion?: string
  readonly kind?: string
  readonly name: string
}

interface Scaler {
  readonly metadata: Metadata
  readonly spec: {
    readonly scaleTargetRef: ScaleTargetRef
    /** Of an HorizontalPodAutoscaler. Only 1 says something to us, so whatever else stands there is the API server's to refuse. */
    readonly maxReplicas?: unknown
    /** Of a ScaledObject; 100 by default. */
    readonly maxReplicaCount?: unknown
  }
}

const anything: t.Type<unknown, unknown> = leaf('anything', (_): _ is unknown => true)

const Scaler: t.Type<Scaler, unknown> = struct<Scaler>('an autoscaler', {
  metadata: Metadata,
  spec: struct<Scaler['spec']>('an object', {
    scaleTargetRef: struct<ScaleTargetRef>('a reference to a workload', {
      apiVersion: optional(text),
      kind: optional(nonEmptyText),
      name: nonEmptyText,
    }),
    maxReplicas: optional(anything),
    maxReplicaCount: optional(anything),
  }),
})

/** A HorizontalPodAutoscaler of any version, or KEDA's ScaledObject, which makes one. */
export function isAutoscaler({ apiVersion, kind }: Pick<ObjectRef, 'apiVersion' | 'kind'>): boolean {
  const group = groupOf(apiVersion)
  return (
    (group === 'autoscaling' && kind === 'HorizontalPodAutoscaler') || (group === 'keda.sh' && kind === 'ScaledObject')
  )
}

/** It is not ours to refuse: one that cannot be read is a warning, and may scale whatever its namespace holds. */
export function readAutoscaler({ value, source }: Sourced<KubernetesObject>): {
  readonly autoscaler: Autoscaler
  readonly problems: Diagnostics
} {
  const decoded = Scaler.decode(value)
  if (isLeft(decoded)) {
    const problems = decoded.left.map((problem) => problemOf(problem, source))
    return { autoscaler: unreadAutoscaler(source), problems: problems.map(aboutUnread) }
  }
  const { metadata, spec } = decoded.right
  const { apiVersion = 'apps/v1', kind = 'Deployment', name } = spec.scaleTargetRef
  const namespace = namespaceOf(metadata)
  const target = { apiVersion, kind, namespace, name }
  const most = value.kind === 'ScaledObject' ? spec.maxReplicaCount : spec.maxReplicas
  const mayBeSeveral = most !== 1
  return { autoscaler: { namespace, target, mayBeSeveral }, problems: [] }
}

export function unreadAutoscaler({ ref }: Source): Autoscaler {
  return { namespace: namespaceOf(ref), mayBeSeveral: true }
}

/** What is wrong with an autoscaler, and what comes of it. */
export function aboutUnread({ place, message, severity: _, ...values }: Diagnostic): Diagnostic {
  const consequence = 'What it scales is not known, so every workload of its namespace counts as scaled'
  return warning(place, `${message}. ${consequence}`, values)
}
