import { type Metadata, namespaceOf } from '../istio/metadata.ts'
import { compare } from '../krm/compare.ts'
import type { Sourced } from '../krm/object.ts'

/**
 * istiod's order of objects that say different things about one host: the older first, then by `name.namespace`.
 * Git rarely holds a `creationTimestamp`; an object without one is taken for the newest, which it is when applied.
 */
export function byPrecedence(
  a: Sourced<{ readonly metadata: Metadata }>,
  b: Sourced<{ readonly metadata: Metadata }>,
): number {
  return compare(age(a.value), age(b.value)) || compare(nameAndNamespace(a.value), nameAndNamespace(b.value))
}

function age({ metadata }: { readonly metadata: Metadata }): string {
  return metadata.creationTimestamp ?? '\uffff'
}

function nameAndNamespace(object: { readonly metadata: Metadata }): string {
  return `${object.metadata.name}.${namespaceOf(object.metadata)}`
}
