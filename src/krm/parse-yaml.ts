import parseFull from './parse-full.ts'
import { parsePlain } from './parse-plain.ts'

/** A value, or where and why there is none; line and column count from 0, in the parsed text. */
export type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string; readonly line: number; readonly column: number }

/** Parses one YAML document. */
export function parseYaml(text: string): Parsed {
  const plain = parsePlain(text)
  return plain === undefined ? parseFull(text, false) : { ok: true, value: plain.value }
}

/** Parses a file of any number of documents; the value is their list. */
export function parseDocuments(text: string): Parsed {
  return parseFull(text, true)
}
