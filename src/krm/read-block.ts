import type { BlockList, Entry, FlowList, Layout, Span } from './layout.ts'
import { isBlank, isComment, isDash, lineEnd, skipSpaces } from './lines.ts'

const BYTE_ORDER_MARK = 0xfeff
/** A plain top-level key and its colon. */
const KEY = /([A-Za-z][A-Za-z0-9_-]*):(?=[ \r\n]|$)/y
/** A value that cannot go on in the next line: a word, a quoted word, or an empty collection. */
const ONE_LINE = /(?:[A-Za-z0-9_./-]+|"[A-Za-z0-9_./ -]*"|'[A-Za-z0-9_./ -]*'|\[\]|\{\}) *(?: #[^\r\n]*)?(?=\r?\n|$)/y
/** The document start, with nothing but a comment behind it. */
const MARKER = /--- *(?: #[^\r\n]*)?(?=\r?\n|$)/y

/** What is open while lines are read from the top. */
interface Scan {
  readonly text: string
  readonly entries: Entry[]
  readonly items: Span[]
  key?: Open & { readonly name: string; readonly colon: number; readonly inline: boolean }
  item?: Open
  /** Column of the dashes of `items`, once the first was seen. */
  column?: number
  list?: BlockList | FlowList
  marked: boolean
}

/** A block that goes on until the next one begins, or until the comments that belong to the next one. */
interface Open {
  readonly start: number
  end?: number | undefined
}

/**
 * Reads the layout that kpt and kustomize write, line by line and without parsing. It rests on one rule of YAML: inside a
 * block sequence at column c every line of an item, whatever it holds, is indented deeper than c; so a dash at c always
 * begins an item. `undefined`: not sure, ask the full parser.
 */
export function readBlock(text: string): Layout | undefined {
  if (hasLoneReturn(text)) return undefined
  const scan: Scan = { text, entries: [], items: [], marked: false }
  let line = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0
  for (; line < text.length; line = lineEnd(text, line)) {
    const first = skipSpaces(text, line)
    if (isBlank(text, first)) continue
    if (isComment(text, first)) close(scan, line, first - line)
    else if (!readLine(scan, line, first)) return undefined
  }
  finishKey(scan, text.length)
  if (scan.entries.length === 0) return undefined
  const root = { style: 'block', column: 0, entries: scan.entries } as const
  return { text, root, ...(scan.list === undefined ? {} : { list: scan.list }) }
}

/** A line that is neither blank nor a comment; false: not sure. */
function readLine(scan: Scan, line: number, first: number): boolean {
  const column = first - line
  if (scan.text.charCodeAt(first) === 9 && column <= (scan.column ?? 0)) return false
  if (
    scan.key?.name === 'items' &&
    !scan.key.inline &&
    isDash(scan.text, first) &&
    column === (scan.column ?? column)
  ) {
    finishItem(scan, line)
    scan.column = column
    scan.item = { start: line }
    reopen(scan.key)
    return true
  }
  if (column === 0) return readTopLevel(scan, first)
  if (scan.key === undefined || scan.key.inline) return false
  if (scan.key.name === 'items') {
    if (scan.item === undefined || column <= (scan.column ?? 0)) return false
    reopen(scan.item)
  }
  reopen(scan.key)
  return true
}

function readTopLevel(scan: Scan, first: number): boolean {
  const { text } = scan
  if (isDash(text, first) && scan.key !== undefined && !scan.key.inline && scan.key.name !== 'items') {
    reopen(scan.key)
    return true
  }
  if (text.startsWith('---', first)) {
    if (scan.key !== undefined || scan.marked) return false
    scan.marked = true
    MARKER.lastIndex = first
    return MARKER.test(text)
  }
  KEY.lastIndex = first
  const name = KEY.exec(text)?.[1]
  if (name === undefined) return false
  finishKey(scan, first)
  if (scan.entries.some((entry) => entry.key === name)) return false
  return openKey(scan, name, first)
}

function openKey(scan: Scan, name: string, first: number): boolean {
  const { text } = scan
  const colon = first + name.length + 1
  const value = skipSpaces(text, colon)
  const inline = !isBlank(text, value) && !isComment(text, value)
  scan.key = { name, start: first, colon, inline }
  if (!inline) return true
  ONE_LINE.lastIndex = value
  if (!ONE_LINE.test(text)) return false
  if (name !== 'items') return true
  if (!text.startsWith('[]', value)) return true
  scan.list = { style: 'flow', items: [], brackets: { start: value, end: value + 2 }, colon }
  return true
}

function finishKey(scan: Scan, boundary: number): void {
  const key = scan.key
  if (key === undefined) return
  finishItem(scan, boundary)
  if (key.name === 'items' && scan.column !== undefined)
    scan.list = { style: 'block', column: scan.column, items: scan.items, colon: key.colon }
  scan.entries.push({ key: key.name, start: key.start, end: key.end ?? boundary })
}

function finishItem(scan: Scan, boundary: number): void {
  if (scan.item === undefined) return
  scan.items.push({ start: scan.item.start, end: scan.item.end ?? boundary })
  delete scan.item
}

/** A comment that is not indented deeper than a block ends it, unless the block goes on behind it. */
function close(scan: Scan, line: number, column: number): void {
  if (scan.key !== undefined && column === 0) scan.key.end ??= line
  if (scan.item !== undefined && column <= (scan.column ?? 0)) scan.item.end ??= line
}

function reopen(block: Open): void {
  block.end = undefined
}

/** A return without a line feed: a line break to YAML, but not to the readers of this project. */
function hasLoneReturn(text: string): boolean {
  return text.includes('\r') && /\r(?!\n)/.test(text)
}
