import type { Refused } from '../krm/resource-list.ts'
import { namespaceOf } from './metadata.ts'

/** The namespace of an object, the default one where none is said. `undefined`: something is said that is none. */
export function namespaceIn({ source, value }: Refused): string | undefined {
  const { metadata }: { readonly metadata?: unknown } = Object(value)
  const { namespace }: { readonly namespace?: unknown } = Object(metadata)
  const isMap = isAbsent(metadata) || (typeof metadata === 'object' && !Array.isArray(metadata))
  return isMap && (isAbsent(namespace) || typeof namespace === 'string') ? namespaceOf(source.ref) : undefined
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}
