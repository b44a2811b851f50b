import { generate, printSchema, printSources } from './generate.ts'
import type { Minor, Roots } from './roots.ts'

/** Every generated file that is committed, by its path in the repository. */
export function outputs(minors: readonly Minor[], roots: Roots): ReadonlyMap<string, string> {
  const generated = generate(minors, roots)
  return new Map([
    ['schemas/envoy/envoy.schema.json', printSchema(generated.set)],
    ['schemas/envoy/SOURCES.json', printSources(minors)],
  ])
}
