import type { FileRef, KubernetesObject, ObjectRef, Source } from './object.ts'

/**
 * One item of a ResourceList. Its text stays where it is: `value()` parses it on the first call, so that objects
 * nobody reads cost nothing and leave byte for byte as they came.
 */
export interface Item {
  /** Position in `items`, from 0. */
  readonly index: number
  readonly ref: ObjectRef
  readonly file?: FileRef
  value(): KubernetesObject
}

/** A ResourceList as it was read. `layout` is for the writer alone. */
export interface ResourceList<Layout = unknown> {
  readonly items: readonly Item[]
  readonly functionConfig?: Item
  readonly layout: Layout
}

/** What a function does to a list: items it drops, by index, and objects it appends. Nothing else is expressible. */
export interface Change {
  readonly dropped: ReadonlySet<number>
  readonly added: readonly KubernetesObject[]
}

export function sourceOf(item: Item): Source {
  return { ref: item.ref, item: item.index, ...(item.file === undefined ? {} : { file: item.file }) }
}
