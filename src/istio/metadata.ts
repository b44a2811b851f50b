import type * as t from 'io-ts'
import { optional, struct } from './codec.ts'
import { nonEmptyText, text, textMap } from './scalars.ts'

/** What we read of `metadata`. */
export interface Metadata {
  readonly name: string
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  /** RFC 3339 in UTC, where somebody exported the object from a cluster. */
  readonly creationTimestamp?: string
}

export const Metadata: t.Type<Metadata, unknown> = struct<Metadata>('an object', {
  name: nonEmptyText,
  namespace: optional(text),
  labels: optional(textMap),
  annotations: optional(textMap),
  creationTimestamp: optional(text),
})

/**
 * Where an object without a namespace goes: wherever `kubectl apply` is pointed at, which for a render is this one, unless
 * an earlier step of the pipeline (`set-namespace`, kustomize's `namespace:`) says otherwise.
 */
const DEFAULT_NAMESPACE = 'default'

/** The namespace that joins use, of an object's `metadata` or of a reference to one. */
export function namespaceOf({ namespace }: { readonly namespace?: string }): string {
  return namespace === undefined || namespace === '' ? DEFAULT_NAMESPACE : namespace
}
