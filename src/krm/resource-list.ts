import type { Layout } from './layout.ts'
import type { FileRef, KubernetesObject, ObjectRef, Source, Sourced } from './object.ts'
import type { Outcome } from './outcome.ts'

/**
 * One item of a ResourceList. Its text stays where it is: `value()` parses it on the first call, so that objects
 * nobody reads cost nothing and leave byte for byte as they came.
 */
export interface Item {
  /** Position in `items`, from 0; -1 for the `functionConfig`. */
  readonly index: number
  /** Names that the item lacks are empty. */
  readonly ref: ObjectRef
  readonly file?: FileRef
  /** The item as it was written; `undefined` when its text is not YAML. */
  value(): unknown
}

/**
 * An item that may be of a kind that is read, and that `objects` leaves out for an error that has been said: it is no YAML,
 * its names or metadata are refused, or it stands there once more. What it asks for must not be taken for never asked.
 */
export interface Refused {
  /** Names that the item lacks are empty. */
  readonly source: Source
  /** Absent where its text is not YAML. */
  readonly value?: unknown
}

/** A ResourceList as it was read. `layout` is for the writer alone. */
export interface ResourceList {
  readonly items: readonly Item[]
  /** The items of the kinds that are read, parsed and sound as far as `apiVersion`, `kind` and `metadata`, without duplicates. */
  readonly objects: readonly Sourced<KubernetesObject>[]
  /** The other items that may be of these kinds. */
  readonly refused: readonly Refused[]
  /** Further items, parsed on demand and checked in the same way: for kinds of which a list holds many and few matter. */
  readonly readMore: (wanted: (ref: ObjectRef) => boolean) => Outcome<readonly Sourced<KubernetesObject>[]>
  /** Absent when there is none, or an empty one. */
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

/**
 * Whether an item is the functionConfig once more: kpt sends the config's file among the items, and kustomize sends
 * nothing else when there are no resources.
 */
export function isFunctionConfig({ functionConfig }: Pick<ResourceList, 'functionConfig'>, { ref }: Item): boolean {
  return functionConfig !== undefined && isSameObject(functionConfig.ref, ref)
}

function isSameObject(a: ObjectRef, b: ObjectRef): boolean {
  return a.apiVersion === b.apiVersion && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name
}

/** A file and its document, or the place in the list where the host names no file. */
export function whereIs({ file, index }: Item): string {
  if (file === undefined) return `\`items[${index}]\``
  return file.index === 0 ? `\`${file.path}\`` : `\`${file.path}\` (index ${file.index})`
}
