import { readApi } from './descriptors.ts'
import { documentation, readSetBy } from './docs.ts'
import { generate, printSchema, printSources } from './generate.ts'
import type { Minor, Roots } from './roots.ts'

/** Every generated file that is committed, by its path in the repository. */
export function outputs(minors: readonly Minor[], roots: Roots): ReadonlyMap<string, string> {
  const generated = generate(minors, roots)
  const newest = minors.at(-1)?.minor ?? ''
  return new Map([
    ['schemas/envoy/envoy.schema.json', printSchema(generated.set)],
    ['schemas/envoy/SOURCES.json', printSources(minors)],
    ...documentation(generated.set, readApi(newest), roots, readSetBy()),
  ])
}
