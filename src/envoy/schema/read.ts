import type { SchemaSet } from './schema.ts'

/** Texts are constants of modules, one for each function: whoever renders twice in one process parses once. */
const parsed = new Map<string, SchemaSet>()

/** Reads a subset of the schema that `npm run generate` wrote for one function: its text is parsed on first use. */
export function readSchema(text: string): SchemaSet {
  // The text is generated and checked at build time (tools/envoy-api/subset.ts).
  const schema = parsed.get(text) ?? (JSON.parse(text) as SchemaSet)
  parsed.set(text, schema)
  return schema
}
