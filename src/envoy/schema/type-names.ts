import { suggest } from '../../krm/suggest.ts'
import { typeName } from './schema.ts'

/** The messages that wrap a config of any type. */
export const TYPED_STRUCTS: readonly string[] = ['udpa.type.v1.TypedStruct', 'xds.type.v3.TypedStruct']

/** Type names as a message lists them: without `type.googleapis.com/`, and without the two TypedStructs. */
export function describeTypes(urls: readonly string[]): string {
  const names = urls.map(typeName).filter((name) => !TYPED_STRUCTS.includes(name))
  return names.length === 0 ? 'none that this function emits' : names.join(', ')
}

/** The type URL that a wrong one is nearest to: misspelt, or without `type.googleapis.com/`. */
export function closestType(wrong: string, urls: readonly string[]): string | undefined {
  const near = suggest(typeName(wrong), urls.map(typeName))
  return urls.find((url) => typeName(url) === near)
}
