import { fieldOf } from './fields.ts'
import { type Header, headerOf } from './header.ts'
import { type Entry, entryOf, type Layout, type Span } from './layout.ts'
import { type Parsed, parseYaml } from './parse-yaml.ts'
import type { Item } from './resource-list.ts'
import { sniffHeader } from './sniff-header.ts'
import { lineNumber } from './stdin-problems.ts'

/** A text and its layout, with the whole of it parsed at most once. */
export interface Source {
  readonly layout: Layout
  /** For parts that stand on their own in no way: an alias whose anchor is elsewhere. */
  readonly whole: () => Parsed
}

/** An item as the reader makes it: it can also say why it has no value. */
export interface ReadItem extends Item {
  parse(): Parsed
}

export function sourceText(layout: Layout): Source {
  return { layout, whole: once(() => parseYaml(layout.text)) }
}

/** The items, lazily parsed. Those whose header lines leave a doubt are parsed at once. */
export function readItems(source: Source): readonly ReadItem[] {
  const { layout } = source
  const { list, text } = layout
  if (list === undefined) return []
  return list.items.map((span, index) => {
    const parse = once(() =>
      list.style === 'block' ? parseBlockItem(source, index, list.column) : parseFlowItem(source, index),
    )
    const header = list.style === 'block' ? sniffHeader(text, span, list.column) : undefined
    return item(index, header ?? headerOf(parsedValue(parse())), parse)
  })
}

/** The value of a top-level field; `undefined` when there is no such field. */
export function readField(source: Source, key: string): Parsed | undefined {
  const entry = entryOf(source.layout, key)
  return entry === undefined ? undefined : parseField(source, entry)
}

/** The functionConfig, parsed at once. */
export function readFunctionConfigItem(source: Source): ReadItem | undefined {
  const parsed = readField(source, 'functionConfig')
  if (parsed === undefined) return undefined
  const value = parsedValue(parsed)
  const isEmpty = parsed.ok && (value === null || (typeof value === 'object' && Object.keys(value ?? {}).length === 0))
  return isEmpty ? undefined : item(-1, headerOf(value), () => parsed)
}

function item(index: number, header: Header, parse: () => Parsed): ReadItem {
  return { index, ...header, parse, value: () => parsedValue(parse()) }
}

export function parsedValue(parsed: Parsed): unknown {
  return parsed.ok ? parsed.value : undefined
}

function parseBlockItem(source: Source, index: number, column: number): Parsed {
  const span = spanOf(source, index)
  const { text } = source.layout
  // Its own dash makes a list of it, so that the text parses as it stands.
  const dash = span.start + column
  const parsed = parseYaml(' '.repeat(column) + text.slice(dash, span.end))
  if (parsed.ok) return { ok: true, value: Array.isArray(parsed.value) ? parsed.value[0] : undefined }
  return elsewhere(source, parsed, span, (whole) => fieldOf(fieldOf(whole, 'items'), index))
}

function parseFlowItem(source: Source, index: number): Parsed {
  const span = spanOf(source, index)
  const text = source.layout.text.slice(span.start, span.end)
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    // An entry such as `a: 1` is a map only between brackets.
    const parsed = parseYaml(`[${text}\n]`)
    if (parsed.ok) return { ok: true, value: fieldOf(parsed.value, 0) }
    return elsewhere(source, parsed, span, (whole) => fieldOf(fieldOf(whole, 'items'), index))
  }
}

function parseField(source: Source, entry: Entry): Parsed {
  const { text, root } = source.layout
  const own = text.slice(entry.start, entry.end)
  const parsed = parseYaml(root.style === 'flow' ? `{${own}\n}` : ' '.repeat(root.column) + own)
  if (parsed.ok) return { ok: true, value: fieldOf(parsed.value, entry.key) }
  return elsewhere(source, parsed, entry, (whole) => fieldOf(whole, entry.key))
}

/** An alias may refer to an anchor in another item; then only the whole text has the value. */
function elsewhere(
  source: Source,
  parsed: Parsed & { ok: false },
  span: Span,
  find: (whole: unknown) => unknown,
): Parsed {
  const whole = parsed.reason.startsWith('unidentified alias') ? source.whole() : parsed
  if (whole.ok) return { ok: true, value: find(whole.value) }
  return { ...parsed, line: lineNumber(source.layout.text, span.start) - 1 + parsed.line }
}

function spanOf({ layout }: Source, index: number): Span {
  return layout.list?.items[index] ?? { start: 0, end: 0 }
}

function once<A>(make: () => A): () => A {
  let made: { readonly value: A } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
