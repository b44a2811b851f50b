import type { Entry, FlowList, Layout, Span } from './layout.ts'

const QUOTE = 34
const BACKSLASH = 92
const COMMA = 44
const COLON = 58
const OPEN_LIST = 91
const CLOSE_LIST = 93
const OPEN_MAP = 123
const CLOSE_MAP = 125

/**
 * Finds the fields and items of a ResourceList in JSON without building it, so that a list of any size costs one item's
 * memory at a time. `undefined`: this is not JSON, ask the full parser.
 */
export function readJson(text: string): Layout | undefined {
  const start = skipSpace(text, text.charCodeAt(0) === 0xfeff ? 1 : 0)
  if (text.charCodeAt(start) !== OPEN_MAP) return undefined
  const root = readFields(text, start)
  if (root === undefined || skipSpace(text, root.brackets.end) < text.length) return undefined
  const field = root.entries.find((entry) => entry.key === 'items')
  const keys = new Set(root.entries.map((entry) => entry.key))
  if (keys.size < root.entries.length) return undefined
  if (field === undefined || text.charCodeAt(field.value) !== OPEN_LIST) return layoutOf(text, root, undefined)
  const list = readElements(text, field.value)
  return list === undefined ? undefined : layoutOf(text, root, list)
}

interface Field extends Entry {
  /** Where the value begins. */
  readonly value: number
}

interface Fields {
  readonly brackets: Span
  readonly entries: readonly Field[]
}

function layoutOf(text: string, { brackets, entries }: Fields, list: FlowList | undefined): Layout {
  const root = {
    style: 'flow',
    brackets,
    entries: entries.map(({ key, start, end }) => ({ key, start, end })),
  } as const
  return { text, root, ...(list === undefined ? {} : { list }) }
}

/** The fields of the object at `start`. The value of `items` is checked element by element, the others here. */
function readFields(text: string, start: number): Fields | undefined {
  const entries: Field[] = []
  let at = skipSpace(text, start + 1)
  if (text.charCodeAt(at) === CLOSE_MAP) return { brackets: { start, end: at + 1 }, entries }
  for (;;) {
    if (text.charCodeAt(at) !== QUOTE) return undefined
    const keyEnd = skipString(text, at)
    const key = parse(text, { start: at, end: keyEnd })
    const colon = skipSpace(text, keyEnd)
    if (typeof key !== 'string' || text.charCodeAt(colon) !== COLON) return undefined
    const value = skipSpace(text, colon + 1)
    const end = skipValue(text, value)
    if (end === value) return undefined
    const isList = key === 'items' && text.charCodeAt(value) === OPEN_LIST
    if (!isList && parse(text, { start: value, end }) === undefined) return undefined
    entries.push({ key, start: at, end, value })
    const next = skipSpace(text, end)
    if (text.charCodeAt(next) === CLOSE_MAP) return { brackets: { start, end: next + 1 }, entries }
    if (text.charCodeAt(next) !== COMMA) return undefined
    at = skipSpace(text, next + 1)
  }
}

function readElements(text: string, start: number): FlowList | undefined {
  const items: Span[] = []
  let at = skipSpace(text, start + 1)
  if (text.charCodeAt(at) === CLOSE_LIST) return { style: 'flow', items, brackets: { start, end: at + 1 } }
  for (;;) {
    const end = skipValue(text, at)
    const item = { start: at, end }
    if (end === at || parse(text, item) === undefined) return undefined
    items.push(item)
    const next = skipSpace(text, end)
    if (text.charCodeAt(next) === CLOSE_LIST) return { style: 'flow', items, brackets: { start, end: next + 1 } }
    if (text.charCodeAt(next) !== COMMA) return undefined
    at = skipSpace(text, next + 1)
  }
}

/** Checks a part of the text: JSON, or `undefined`, which is no JSON value. */
function parse(text: string, { start, end }: Span): unknown {
  try {
    return JSON.parse(text.slice(start, end))
  } catch {
    return undefined
  }
}

function skipSpace(text: string, offset: number): number {
  let at = offset
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return at
    at += 1
  }
}

/** Behind the string that begins at `start`; the end of the text when it is never closed. */
function skipString(text: string, start: number): number {
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote === -1) return text.length
    let slashes = 0
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return quote + 1
    at = quote + 1
  }
}

/** Behind the value that begins at `start`, by its brackets and strings alone: whether it is JSON is for `JSON.parse` to say. */
function skipValue(text: string, start: number): number {
  let depth = 0
  let at = start
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = skipString(text, at)
      if (depth === 0) return at
      continue
    }
    if (code === OPEN_LIST || code === OPEN_MAP) depth += 1
    else if (code === CLOSE_LIST || code === CLOSE_MAP) {
      if (depth === 0) return at
      depth -= 1
      if (depth === 0) return at + 1
    } else if (depth === 0 && (code === COMMA || code === 32 || code === 10 || code === 13 || code === 9)) return at
    at += 1
  }
  return at
}
