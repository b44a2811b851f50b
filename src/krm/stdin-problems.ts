import { type Diagnostic, error } from './diagnostic.ts'
import { lineEnd } from './lines.ts'

/** What stands at the top of stdin, as far as anybody can tell. */
export interface Top {
  readonly apiVersion?: unknown
  readonly kind?: unknown
}

const WIRE_GROUP = 'config.kubernetes.io'

const HOSTS =
  'a host makes one from files: `kpt fn source DIR | FUNCTION | kpt fn sink OUT`, `kpt fn eval DIR --exec FUNCTION`, or a `transformers:` entry of a kustomization'

export function emptyInput(): Diagnostic {
  return error(undefined, `stdin must hold a ResourceList, but it is empty; ${HOSTS}`)
}

/** A syntax error, with its line for people to find: as far as the first colon, since what follows may be a password. */
export function notYaml(text: string, found: number, reason: string): Diagnostic {
  // What is never closed is found at the end, where there is nothing to see.
  const offset = Math.min(found, text.trimEnd().length)
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const line = text.slice(start, lineEnd(text, start)).trimEnd()
  const colon = line.indexOf(':')
  const shown = colon === -1 || colon > 120 ? '' : `; the line is ${JSON.stringify(`${line.slice(0, colon + 1)} …`)}`
  const position = `line ${lineNumber(text, offset)}, column ${offset - start + 1}`
  return error(undefined, `stdin must be YAML or JSON, but ${position} is not: ${reason}${shown}`)
}

export function notOneDocument(text: string, count: number, second: number, top: Top): Diagnostic {
  const which = `stdin must hold one document, a ResourceList, but it holds ${count}; the second begins on line ${lineNumber(text, second)}`
  return error(undefined, top.kind === 'ResourceList' ? which : `${which}; ${HOSTS}`)
}

export function twice(key: string): Diagnostic {
  return error(undefined, `the ResourceList must have each field once, but \`${key}\` stands there twice`)
}

/** The text is no mapping, so it cannot be a ResourceList. */
export function notAMap(): Diagnostic {
  return error(
    undefined,
    `stdin must hold a ResourceList, a mapping with \`apiVersion\`, \`kind\` and \`items\`; ${HOSTS}`,
  )
}

/** What is wrong with the list's own `apiVersion` and `kind`; hosts send one version of them, and other versions look the same. */
export function notAResourceList({ apiVersion, kind }: Top): Diagnostic | undefined {
  if (kind === 'List')
    return error(
      undefined,
      `stdin must hold a ResourceList, but it holds a \`List\`; give it \`apiVersion: ${WIRE_GROUP}/v1\` and \`kind: ResourceList\``,
    )
  if (kind !== 'ResourceList') {
    const found = kind === undefined ? 'an object without `kind`' : `the kind ${JSON.stringify(kind)}`
    return error(undefined, `stdin must hold a ResourceList, but it holds ${found}; ${HOSTS}`)
  }
  if (typeof apiVersion === 'string' && apiVersion.startsWith(`${WIRE_GROUP}/`)) return undefined
  const found = apiVersion === undefined ? 'it is missing' : `it is ${JSON.stringify(apiVersion)}`
  return error(undefined, `\`apiVersion\` of the ResourceList must be \`${WIRE_GROUP}/v1\`, but ${found}`)
}

/** Counts from 1, as editors do. */
export function lineNumber(text: string, offset: number): number {
  let line = 1
  for (let feed = text.indexOf('\n'); feed !== -1 && feed < offset; feed = text.indexOf('\n', feed + 1)) line += 1
  return line
}
