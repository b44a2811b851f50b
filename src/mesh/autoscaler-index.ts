import type { Autoscaler } from '../istio/autoscaler.ts'
import { namespaceOf } from '../istio/metadata.ts'
import type { Workload } from '../istio/workload.ts'
import { identity, type ObjectRef, type Sourced } from '../krm/object.ts'

/** Which workloads an autoscaler scales, so that their `replicas` says nothing. */
export interface AutoscalerIndex {
  /** By what is scaled: whether it may become several. */
  readonly byTarget: ReadonlyMap<string, boolean>
  /** Namespaces of autoscalers whose target cannot be read. */
  readonly anywhere: ReadonlySet<string>
}

export function indexAutoscalers(autoscalers: readonly Autoscaler[]): AutoscalerIndex {
  const byTarget = new Map<string, boolean>()
  const anywhere = new Set<string>()
  for (const { target, namespace, mayBeSeveral } of autoscalers) {
    if (target === undefined) anywhere.add(namespace)
    else byTarget.set(identity(target), mayBeSeveral || byTarget.get(identity(target)) === true)
  }
  return { byTarget, anywhere }
}

/** How many pods a workload has; `undefined`: the list does not say. */
export function podsOf({ value, source }: Sourced<Workload>, index: AutoscalerIndex): number | undefined {
  const { kind } = source.ref
  // As many as there are nodes.
  if (kind === 'DaemonSet') return undefined
  if (kind === 'Pod') return 1
  const ref: ObjectRef = { ...source.ref, namespace: namespaceOf(value.metadata) }
  const mayBeSeveral = index.byTarget.get(identity(ref))
  if (mayBeSeveral === true || index.anywhere.has(namespaceOf(value.metadata))) return undefined
  // Kubernetes' default is one replica.
  return mayBeSeveral === false ? 1 : (value.replicas ?? 1)
}
