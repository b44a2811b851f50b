import { isBlank, isComment, isDash, lineEnd, skipSpaces } from './lines.ts'
import { opensFlow, readFlow } from './plain-flow.ts'
import { BLOCK_SCALAR, END, KEY, keyOf, matches, scalarOf } from './plain-scalar.ts'

/** Not sure: the full parser must say. */
const UNSURE = Symbol('unsure')

/** A field that ends with its line, with a scalar or without a value. */
const FIELD = new RegExp(`${KEY}:(?: +${BLOCK_SCALAR})?${END}`, 'y')
/** A field whose value is a map or a list in flow style. */
const FLOW_FIELD = new RegExp(`${KEY}: +(?=[[{])`, 'y')
const SCALAR = new RegExp(`${BLOCK_SCALAR}${END}`, 'y')
const REST = new RegExp(END, 'y')
/** Nothing, or a comment. A tab is white space to some parsers only. */
const NOTHING = /(?:#[\x20-\x7e]*)?(?:\r?\n|$)/y

/** Some million characters on a line are more than V8's regular expressions have room for. */
const LONGEST_LINE = 1_000_000
/** Deeper than any object of Kubernetes goes. */
const DEPTH = 64

/** The line to be read next. */
interface Cursor {
  readonly text: string
  /** Its first character that is no space. */
  at: number
  /** The column of that character; -1: the text has ended. */
  column: number
  /** How much deeper it may go. */
  depth: number
}

/**
 * Parses the YAML that tools print and most people write: maps and lists in block style, in flow style where they end on
 * their line, and scalars of one line. `undefined`: the text holds something else (it may be no YAML at all), which is for
 * the full parser to say. Where there is a value, it is the one that the full parser gives; it comes three times sooner,
 * and a process that meets nothing else need not load that parser.
 */
export function parsePlain(text: string): { readonly value: unknown } | undefined {
  if (text.length > LONGEST_LINE && hasLongLine(text)) return undefined
  const cursor: Cursor = { text, at: 0, column: 0, depth: DEPTH }
  seek(cursor, 0)
  const value = readNode(cursor)
  // A line at a column where nothing is open ends all that is: words that go on, or no YAML.
  return value === UNSURE || cursor.column !== -1 ? undefined : { value }
}

function hasLongLine(text: string): boolean {
  let line = 0
  while (line < text.length) {
    const next = lineEnd(text, line)
    if (next - line > LONGEST_LINE) return true
    line = next
  }
  return false
}

/** Moves to the first line from `offset` on that is neither blank nor a comment. */
function seek(cursor: Cursor, offset: number): void {
  const { text } = cursor
  for (let line = offset; line < text.length; line = lineEnd(text, line)) {
    const first = skipSpaces(text, line)
    if ((isBlank(text, first) || isComment(text, first)) && matches(NOTHING, text, first)) continue
    cursor.at = first
    cursor.column = first - line
    return
  }
  cursor.at = text.length
  cursor.column = -1
}

/** A map or a list that begins at the cursor. */
function readNode(cursor: Cursor): unknown {
  if (cursor.depth === 0) return UNSURE
  cursor.depth -= 1
  const value = isDash(cursor.text, cursor.at) ? readList(cursor) : readMap(cursor)
  cursor.depth += 1
  return value
}

function readMap(cursor: Cursor): unknown {
  const { column } = cursor
  const map: Record<string, unknown> = {}
  while (cursor.column === column) if (readField(cursor, map, column) === UNSURE) return UNSURE
  return map
}

function readField(cursor: Cursor, map: Record<string, unknown>, column: number): unknown {
  const { text, at } = cursor
  FIELD.lastIndex = at
  const field = FIELD.exec(text)
  if (field === null) return readFlowField(cursor, map)
  const key = keyOf(field)
  // `in` finds `__proto__` too, which no plain assignment may name.
  if (key === undefined || key in map) return UNSURE
  const scalar = scalarOf(field, 4)
  seek(cursor, FIELD.lastIndex)
  const value = scalar === undefined ? readBelow(cursor, column) : scalar
  map[key] = value
  return value
}

function readFlowField(cursor: Cursor, map: Record<string, unknown>): unknown {
  const { text, at } = cursor
  FLOW_FIELD.lastIndex = at
  const field = FLOW_FIELD.exec(text)
  const key = field === null ? undefined : keyOf(field)
  if (key === undefined || key in map) return UNSURE
  const value = readFlowLine(cursor, FLOW_FIELD.lastIndex)
  map[key] = value
  return value
}

/** A map or a list in flow style, with nothing behind it on its line. */
function readFlowLine(cursor: Cursor, offset: number): unknown {
  const flow = readFlow(cursor.text, offset, cursor.depth)
  if (flow === undefined || !matches(REST, cursor.text, flow.end)) return UNSURE
  seek(cursor, REST.lastIndex)
  return flow.value
}

/** The value of a field that has none on its own line; the dashes of a list may stand right below the key. */
function readBelow(cursor: Cursor, column: number): unknown {
  return cursor.column > column || (cursor.column === column && isDash(cursor.text, cursor.at))
    ? readNode(cursor)
    : null
}

function readList(cursor: Cursor): unknown {
  const { column } = cursor
  const list: unknown[] = []
  while (cursor.column === column && isDash(cursor.text, cursor.at)) {
    const value = readEntry(cursor, column)
    if (value === UNSURE) return UNSURE
    list.push(value)
  }
  return list
}

function readEntry(cursor: Cursor, column: number): unknown {
  const { text, at } = cursor
  const first = skipSpaces(text, at + 1)
  if (opensFlow(text, first)) return readFlowLine(cursor, first)
  if (matches(FIELD, text, first) || matches(FLOW_FIELD, text, first)) {
    cursor.at = first
    cursor.column += first - at
    return readNode(cursor)
  }
  SCALAR.lastIndex = first
  const scalar = SCALAR.exec(text)
  if (scalar !== null) {
    seek(cursor, SCALAR.lastIndex)
    return scalarOf(scalar, 1)
  }
  if (!matches(REST, text, at + 1)) return UNSURE
  seek(cursor, REST.lastIndex)
  return cursor.column > column ? readNode(cursor) : null
}
