import type { Diagnostic, Scalar } from './diagnostic.ts'
import type { Place, Source } from './object.ts'

/**
 * A text without what stands before the `@` of URLs: a user's name and password. It is looked for in each quoted part by
 * itself; up to the last `@`, since a password may hold another; and without a scheme too (`:password@host`).
 */
export function withoutUserInfo(text: string): string {
  if (!text.includes('@')) return text
  return text
    .split(/((?<!\\)["`])/)
    .map(strip)
    .join('')
}

function strip(part: string): string {
  const end = part.lastIndexOf('@')
  const scheme = part.indexOf('://')
  if (scheme !== -1 && scheme < end) return `${part.slice(0, scheme)}://…${part.slice(end)}`
  return part
    .split(/(\s+)/)
    .map((word) => {
      const at = word.lastIndexOf('@')
      return word.slice(0, Math.max(at, 0)).includes(':') ? `…${word.slice(at)}` : word
    })
    .join('')
}

/** A diagnostic as it may be shown. */
export function shown(diagnostic: Diagnostic): Diagnostic {
  const { message, place, currentValue, proposedValue } = diagnostic
  return {
    ...diagnostic,
    message: withoutUserInfo(message),
    ...(place === undefined ? {} : { place: placeShown(place) }),
    ...(currentValue === undefined ? {} : { currentValue: valueShown(currentValue) }),
    ...(proposedValue === undefined ? {} : { proposedValue: valueShown(proposedValue) }),
  }
}

/** A value stands by itself, so that quotes in it are its own. */
function valueShown(value: Scalar): Scalar {
  return typeof value === 'string' ? strip(value) : value
}

function placeShown({ source, path }: Place): Place {
  return { source: sourceShown(source), path: withoutUserInfo(path) }
}

function sourceShown(source: Source): Source {
  const { apiVersion, kind, name, namespace } = source.ref
  const ref = {
    apiVersion: strip(apiVersion),
    kind: strip(kind),
    name: strip(name),
    ...(namespace === undefined ? {} : { namespace: strip(namespace) }),
  }
  return {
    ...source,
    ref,
    ...(source.file === undefined ? {} : { file: { ...source.file, path: strip(source.file.path) } }),
  }
}
