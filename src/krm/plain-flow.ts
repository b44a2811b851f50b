import { skipSpaces } from './lines.ts'
import { FLOW_SCALAR, KEY, keyOf, scalarOf } from './plain-scalar.ts'

const ENTRY = new RegExp(FLOW_SCALAR, 'y')
const FIELD = new RegExp(`${KEY}: +`, 'y')
const OPEN_LIST = 91
const CLOSE_LIST = 93
const OPEN_MAP = 123
const CLOSE_MAP = 125
const COMMA = 44

/** A value and where the text goes on behind it; `undefined` in its place: not sure. */
interface Flow {
  readonly value: unknown
  readonly end: number
}

export function opensFlow(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset)
  return code === OPEN_LIST || code === OPEN_MAP
}

/** Reads `[a, b]` or `{a: b}` that begins at the offset and ends on the same line. */
export function readFlow(text: string, offset: number, depth: number): Flow | undefined {
  if (depth === 0) return undefined
  return text.charCodeAt(offset) === OPEN_LIST ? readList(text, offset, depth) : readMap(text, offset, depth)
}

function readList(text: string, offset: number, depth: number): Flow | undefined {
  const value: unknown[] = []
  const end = readEntries(text, offset, CLOSE_LIST, (at) => {
    const entry = readValue(text, at, depth)
    if (entry !== undefined) value.push(entry.value)
    return entry?.end
  })
  return end === undefined ? undefined : { value, end }
}

function readMap(text: string, offset: number, depth: number): Flow | undefined {
  const value: Record<string, unknown> = {}
  const end = readEntries(text, offset, CLOSE_MAP, (at) => {
    FIELD.lastIndex = at
    const field = FIELD.exec(text)
    const key = field === null ? undefined : keyOf(field)
    if (key === undefined || key in value) return undefined
    const entry = readValue(text, FIELD.lastIndex, depth)
    if (entry !== undefined) value[key] = entry.value
    return entry?.end
  })
  return end === undefined ? undefined : { value, end }
}

/** Reads what stands between brackets, one entry after the other; where the text goes on behind them. */
function readEntries(
  text: string,
  offset: number,
  close: number,
  readOne: (at: number) => number | undefined,
): number | undefined {
  let at = skipSpaces(text, offset + 1)
  if (text.charCodeAt(at) === close) return at + 1
  for (;;) {
    const end = readOne(at)
    if (end === undefined) return undefined
    const next = skipSpaces(text, end)
    const code = text.charCodeAt(next)
    if (code === close) return next + 1
    if (code !== COMMA) return undefined
    at = skipSpaces(text, next + 1)
  }
}

function readValue(text: string, offset: number, depth: number): Flow | undefined {
  if (opensFlow(text, offset)) return readFlow(text, offset, depth - 1)
  ENTRY.lastIndex = offset
  const match = ENTRY.exec(text)
  return match === null ? undefined : { value: scalarOf(match, 1), end: ENTRY.lastIndex }
}
