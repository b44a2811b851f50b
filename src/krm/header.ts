import { fieldOf } from './fields.ts'
import { INDEX_ANNOTATION, OLD_INDEX_ANNOTATION, OLD_PATH_ANNOTATION, PATH_ANNOTATION } from './host-annotations.ts'
import type { FileRef, ObjectRef } from './object.ts'

/** What an item says of itself before anybody parses it. Names that are missing are empty. */
export interface Header {
  readonly ref: ObjectRef
  readonly file?: FileRef
}

/** Both generations of the host's annotations; the newer one wins. */
const PATHS = [PATH_ANNOTATION, OLD_PATH_ANNOTATION]
const INDICES = [INDEX_ANNOTATION, OLD_INDEX_ANNOTATION]
/** The annotations that a header is read from. */
export const WANTED_ANNOTATIONS: ReadonlySet<string> = new Set([...PATHS, ...INDICES])

/** The header of a parsed item. */
export function headerOf(value: unknown): Header {
  const metadata = fieldOf(value, 'metadata')
  const annotations = fieldOf(metadata, 'annotations')
  const text = (holder: unknown, key: string) => {
    const found = fieldOf(holder, key)
    return typeof found === 'string' ? found : ''
  }
  return headerFrom({
    apiVersion: text(value, 'apiVersion'),
    kind: text(value, 'kind'),
    name: text(metadata, 'name'),
    namespace: text(metadata, 'namespace'),
    annotation: (key) => {
      const found = fieldOf(annotations, key)
      return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined
    },
  })
}

/** What a header is made of; names that are missing are empty. */
export interface HeaderFields {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace: string
  annotation(key: string): string | undefined
}

export function headerFrom({ apiVersion, kind, name, namespace, annotation }: HeaderFields): Header {
  const path = first(PATHS, annotation)
  const index = Number(first(INDICES, annotation) ?? 0)
  return {
    ref: { apiVersion, kind, name, ...(namespace === '' ? {} : { namespace }) },
    ...(path === undefined ? {} : { file: { path, index: Number.isInteger(index) && index >= 0 ? index : 0 } }),
  }
}

function first(keys: readonly string[], read: (key: string) => string | undefined): string | undefined {
  for (const key of keys) {
    const value = read(key)
    if (value !== undefined && value !== '') return value
  }
  return undefined
}
