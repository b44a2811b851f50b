import { readFileSync } from 'node:fs'

/** `roots.json`: what Meltemi knows of Envoy's API, and what may stand in its Any fields. */
export interface Roots {
  readonly messages: readonly string[]
  readonly categories: Readonly<Record<string, readonly string[]>>
  /** Categories whose Any is plain data: no TypedStruct there. */
  readonly untyped: readonly string[]
  readonly slots: Readonly<Record<string, string>>
}

/** `minors.json`: the pins of each minor, oldest first. */
export interface Minor {
  readonly minor: string
  readonly istio: string
  readonly envoy: string
  readonly contrib: string
  /** The release whose binary the differential tests run. */
  readonly binary: string
}

export function readRoots(): Roots {
  return read<Roots>('roots.json')
}

export function readMinors(): readonly Minor[] {
  return read<readonly Minor[]>('minors.json')
}

/** Every root message, sorted: the input of `collector`. */
export function rootTypes(roots: Roots): readonly string[] {
  const types = new Set([...roots.messages, ...Object.values(roots.categories).flat()])
  return [...types].filter((type) => !type.startsWith('google.protobuf.')).sort()
}

// Both files are ours and reviewed; a mistake in them fails the generator at once.
function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T
}
