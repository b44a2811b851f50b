import type { SchemaSet } from './schema.ts'

/** Reads a subset of the schema that `npm run generate` wrote for one function: its text is parsed on first use. */
export function readSchema(text: string): SchemaSet {
  // The text is generated and checked at build time (tools/envoy-api/subset.ts).
  return JSON.parse(text) as SchemaSet
}
