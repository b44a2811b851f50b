import type * as t from 'io-ts'
import { current, type Diagnostic, error } from '../krm/diagnostic.ts'
import { typeName } from '../krm/fields.ts'
import { at, joinPath, type Source } from '../krm/object.ts'
import { withoutUserInfo } from '../krm/user-info.ts'
import { Structure } from './codec.ts'

/** An io-ts error as a diagnostic: its context as a JSON path, and its codec's name as the rule. */
export function problemOf({ context, value, message }: t.ValidationError, source: Source): Diagnostic {
  let path = ''
  let above = ''
  let parent: unknown
  for (const [depth, { key, actual }] of context.entries()) {
    above = path
    if (depth > 0) path = joinPath(path, Array.isArray(parent) ? Number(key) : key)
    parent = actual
  }
  const rule = message ?? `must be ${context.at(-1)?.type.name ?? 'of another type'}`
  // A place must exist in the input, so a missing field is reported where it is missing.
  if (value === undefined) return error(at(source, above), `must have the field \`${context.at(-1)?.key}\`: it ${rule}`)
  // A rule of its own says what is wrong inside a map or a list, which is of the right type.
  if (message !== undefined) return error(at(source, path), rule)
  return isScalar(value) && !(context.at(-1)?.type instanceof Structure)
    ? error(at(source, path), `${rule}, not ${shown(value)}`, current(value))
    : error(at(source, path), `${rule}, not ${typeName(value)}`)
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null
}

/** A scalar on one line, cut where it would hide the sentence around it, and no password of a URL with its `@` cut off. */
function shown(value: unknown): string {
  const text = withoutUserInfo(JSON.stringify(value) ?? String(value))
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
