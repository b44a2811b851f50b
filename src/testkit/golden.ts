import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A pair of files that a person can read: `golden/<case>/in.yaml` is a ResourceList, `out.yaml` exactly what the
 * function prints for it, results included. The exit code needs no file: it follows from the results.
 */
export interface GoldenCase {
  readonly name: string
  readonly input: string
  /** Absent until it is written by `vitest --update`. */
  readonly output?: string
  readonly outputFile: string
}

/** The cases of a function's folder, and what is wrong with the folder. */
export interface Golden {
  readonly cases: readonly GoldenCase[]
  /** Folders without an `in.yaml`, and files that belong to no case. */
  readonly orphans: readonly string[]
}

/** Reads `<folder>/golden`, in code-unit order. */
export function readGolden(folder: string): Golden {
  const golden = join(folder, 'golden')
  const names = existsSync(golden) ? readdirSync(golden).sort() : []
  const cases = names.filter((name) => existsSync(join(golden, name, 'in.yaml')))
  return {
    cases: cases.map((name) => readCase(golden, name)),
    orphans: [
      ...names.filter((name) => !cases.includes(name)).map((name) => `golden/${name}`),
      ...cases.flatMap((name) => strangers(golden, name)),
    ],
  }
}

function readCase(golden: string, name: string): GoldenCase {
  const outputFile = join(golden, name, 'out.yaml')
  const output = existsSync(outputFile) ? { output: readFileSync(outputFile, 'utf8') } : {}
  return { name, input: readFileSync(join(golden, name, 'in.yaml'), 'utf8'), outputFile, ...output }
}

/** `aeraki.yaml` holds what Aeraki makes of the same input, for comparison. */
const KNOWN: readonly string[] = ['in.yaml', 'out.yaml', 'aeraki.yaml']

function strangers(golden: string, name: string): readonly string[] {
  return readdirSync(join(golden, name))
    .filter((file) => !KNOWN.includes(file))
    .map((file) => `golden/${name}/${file}`)
}
