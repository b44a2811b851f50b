import type { KubernetesObject } from '../../../src/krm/object.ts'

/** A mistake in what the function renders. */
export interface Mistake {
  readonly mistake: string
  /** Makes it in an EnvoyFilter of the function's. */
  make(filter: KubernetesObject): KubernetesObject
  /** The scenario that must fail, and what its fault must say. */
  readonly scenario: string
  readonly sees: RegExp
}

/** The object with every field passed through `edit`. */
export function edited(filter: KubernetesObject, edit: (key: string, value: unknown) => unknown): KubernetesObject {
  return JSON.parse(JSON.stringify(filter, edit))
}
