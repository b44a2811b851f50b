/**
 * A block-style emitter for what we generate. It writes a scalar plain only when no reader of any YAML version, Go's
 * included, can take it for anything but that string; all others are JSON strings, which every reader takes alike.
 */

const PLAIN = /^[A-Za-z_/][A-Za-z0-9_./-]*$/
/** Printable ASCII that JSON escapes nothing of: most of what is not plain. */
const PRINTED = /^[ !#-[\]-~]*$/
/** What YAML 1.1 readers take for booleans, null, or a number without digits before its exponent (`E0`). */
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf|e[0-9]+)$/i
/** Legal in JSON strings, but a line break, a mark or no character at all to some YAML reader. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g
/** Half a character, which UTF-8 cannot carry. */
const LONE_SURROGATE = /\p{Surrogate}/gu

/** Lines of a map or list that is not empty, indented by `column`; fields without a value are left out, fields keep their order. */
export function emitBlock(value: object, column: number): readonly string[] {
  const lines: string[] = []
  emitInto(lines, value, column)
  return lines
}

function emitInto(lines: string[], value: object, column: number): void {
  if (Array.isArray(value)) for (const item of value) emitItem(item, column, lines)
  else for (const [key, field] of Object.entries(value)) if (field !== undefined) emitField(key, field, column, lines)
}

/** One line of JSON that is YAML as well; with an indent, JSON over several lines. */
export function emitJson(value: unknown, indent = 0): string {
  const text = JSON.stringify(
    value,
    (_, field: unknown) => (typeof field === 'string' ? wellFormed(field) : field),
    indent,
  )
  return text.replace(UNSAFE, escaped)
}

function emitField(key: string, value: unknown, column: number, lines: string[]): void {
  const start = `${' '.repeat(column)}${emitString(key)}:`
  if (!isCollection(value)) {
    lines.push(`${start} ${emitScalar(value)}`)
    return
  }
  lines.push(start)
  // As kyaml does, the dashes of a list stand below its key.
  emitInto(lines, value, Array.isArray(value) ? column : column + 2)
}

function emitItem(value: unknown, column: number, lines: string[]): void {
  const dash = `${' '.repeat(column)}- `
  if (!isCollection(value)) {
    lines.push(`${dash}${emitScalar(value)}`)
    return
  }
  const first = lines.length
  emitInto(lines, value, column + 2)
  lines[first] = `${dash}${(lines[first] ?? '').slice(column + 2)}`
}

/** A map or list that takes lines of its own. */
function isCollection(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  return Array.isArray(value) ? value.length > 0 : Object.values(value).some((field) => field !== undefined)
}

function emitScalar(value: unknown): string {
  if (typeof value === 'string') return emitString(value)
  if (Array.isArray(value)) return '[]'
  if (typeof value === 'object' && value !== null) return '{}'
  return value === undefined ? 'null' : JSON.stringify(value)
}

function emitString(text: string): string {
  if (PLAIN.test(text) && !RESERVED.test(text)) return text
  return PRINTED.test(text) ? `"${text}"` : JSON.stringify(wellFormed(text)).replace(UNSAFE, escaped)
}

function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, '\ufffd')
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
