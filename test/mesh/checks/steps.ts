import { compare } from '../../../src/krm/compare.ts'
import type { KubernetesObject } from '../../../src/krm/object.ts'
import { listAt, numberAt, objectAt } from '../json.ts'
import { namespaceOf } from '../view/manifest.ts'

/** One patch of one EnvoyFilter. */
export interface Patch {
  readonly filter: KubernetesObject
  /** Position in `spec.configPatches`. */
  readonly index: number
  readonly value: unknown
}

/** Patches in the order in which istiod applies them (pilot, `push_context.go`): priority, root namespace, name. */
export function inIstiodOrder(filters: readonly KubernetesObject[], rootNamespace: string): readonly Patch[] {
  const foreign = (filter: KubernetesObject): number => (namespaceOf(filter) === rootNamespace ? 0 : 1)
  const priority = (filter: KubernetesObject): number => numberAt(filter, 'spec', 'priority') ?? 0
  const key = (filter: KubernetesObject): string => `${filter.metadata.name}.${namespaceOf(filter)}`
  const ordered = [...filters].sort(
    (a, b) => priority(a) - priority(b) || foreign(a) - foreign(b) || compare(key(a), key(b)),
  )
  return ordered.flatMap((filter) =>
    listAt(filter, 'spec', 'configPatches').map((value, index) => ({ filter, index, value })),
  )
}

/** The EnvoyFilter with this patch as its last: put one after the other, each step adds one patch to the mesh. */
export function step({ filter, index }: Patch): KubernetesObject {
  const configPatches = listAt(filter, 'spec', 'configPatches').slice(0, index + 1)
  return { ...filter, spec: { ...objectAt(filter, 'spec'), configPatches } }
}
