import type { Document, YAMLMap, YAMLSeq } from 'yaml'
import { error } from './diagnostic.ts'
import type { BlockList, Entry, FlowList, Layout } from './layout.ts'
import { ownEnd } from './lines.ts'
import { fail, type Outcome, ok } from './outcome.ts'
import { reasonOf } from './parser-reason.ts'
import { notAMap, notOneDocument, notYaml, twice } from './stdin-problems.ts'

/** The `yaml` package takes about 115 bytes of memory for each character; text that is longer than this would exhaust it. */
const LIMIT = 32_000_000

/**
 * Reads any YAML by the `yaml` package, which is ten times slower than reading by lines and is loaded only when needed.
 * It looks at the structure of the list alone; what the items hold is for whoever reads them.
 */
export async function readYaml(text: string): Promise<Outcome<Layout>> {
  if (text.length > LIMIT)
    return fail([
      error(
        undefined,
        `stdin is ${text.length} characters long; so large a list must be JSON, or YAML in block style as kpt writes it`,
      ),
    ])
  const { isMap, isSeq, parseAllDocuments } = await import('yaml')
  const parsed = parseAllDocuments(text, { keepSourceTokens: true, uniqueKeys: false, prettyErrors: false })
  const documents: readonly Document.Parsed[] = Array.isArray(parsed) ? parsed : []
  for (const { errors } of documents)
    for (const problem of errors) return fail([notYaml(text, problem.pos[0], reasonOf(problem))])
  const [document, second] = documents
  if (document === undefined) return fail([notAMap()])
  const { contents } = document
  if (second !== undefined) {
    const top = isMap(contents) ? { kind: contents.get('kind') } : {}
    return fail([notOneDocument(text, documents.length, second.range[0], top)])
  }
  if (!isMap(contents)) return fail([notAMap()])
  const root = rootOf(text, contents, documentEnd(text, document.range[1]))
  const items = contents.items.findIndex((pair) => keyOf(pair) === 'items')
  const value = contents.items[items]?.value
  const duplicate = root.entries.find((entry, index) => root.entries.findIndex(({ key }) => key === entry.key) < index)
  if (duplicate !== undefined) return fail([twice(duplicate.key)])
  if (!isSeq(value)) return ok({ text, root })
  const list = listOf(text, root, { sequence: value, entry: root.entries[items], sep: separator(contents, items) })
  if (list === undefined)
    return fail([
      error(undefined, '`items` must be written as a plain field, `items:`, with each item on lines of its own'),
    ])
  return ok({ text, root, list })
}

/** Only comments and the end marker `...` may stand behind the content of a document. */
function documentEnd(text: string, contentEnd: number): number {
  const marker = /^\.\.\.(?=[ \t\r\n]|$)/gm
  marker.lastIndex = contentEnd
  return marker.exec(text)?.index ?? text.length
}

function rootOf(text: string, map: YAMLMap, end: number): Layout['root'] {
  const token = map.srcToken
  const tokens = token !== undefined && 'items' in token ? token.items : []
  const starts = map.items.map((pair, index) => firstOf(tokens[index]?.start ?? []) ?? rangeOf(pair.key)?.[0] ?? 0)
  const entries = (endOf: (index: number) => number): readonly Entry[] =>
    map.items.map((pair, index) => ({ key: keyOf(pair), start: starts[index] ?? 0, end: endOf(index) }))
  if (token?.type === 'flow-collection') {
    const valueEnd = (index: number) =>
      rangeOf(map.items[index]?.value)?.[1] ?? rangeOf(map.items[index]?.key)?.[1] ?? end
    return {
      style: 'flow',
      brackets: { start: token.offset, end: rangeOf(map)?.[1] ?? end },
      entries: entries(valueEnd),
    }
  }
  const column = token !== undefined && 'indent' in token ? token.indent : 0
  const boundary = (index: number) => (index + 1 < starts.length ? lineStart(text, starts[index + 1] ?? end) : end)
  const blockEnd = (index: number) => ownEnd(text, { start: starts[index] ?? 0, end: boundary(index) }, column)
  return { style: 'block', column, entries: entries(blockEnd) }
}

interface Items {
  readonly sequence: YAMLSeq
  readonly entry: Entry | undefined
  /** What stands between the key and the value. */
  readonly sep: readonly Token[]
}

function listOf(text: string, root: Layout['root'], items: Items): BlockList | FlowList | undefined {
  const token = items.sequence.srcToken
  if (token?.type === 'flow-collection') return flowList(text, root, items)
  if (token?.type !== 'block-seq' || items.entry === undefined) return undefined
  const column = token.indent
  const dashes = token.items.flatMap(({ start }) =>
    start.filter(({ type }) => type === 'seq-item-ind').map(({ offset }) => offset),
  )
  const lines = dashes.map((dash) => lineStart(text, dash))
  const isPlain = dashes.every(
    (dash, index) => dash - (lines[index] ?? 0) === column && isSpace(text.slice(lines[index], dash)),
  )
  const { end, start } = items.entry
  if (!isPlain || !isSpace(text.slice(lineStart(text, start), start))) return undefined
  const props = items.sep.filter(({ type }) => type === 'map-value-ind' || type === 'anchor' || type === 'tag').at(-1)
  if (props === undefined) return undefined
  return {
    style: 'block',
    column,
    items: lines.map((line, index) => ({
      start: line,
      end: ownEnd(text, { start: line, end: lines[index + 1] ?? end }, column),
    })),
    colon: props.offset + props.source.length,
  }
}

function flowList(text: string, root: Layout['root'], { sequence, sep }: Items): FlowList | undefined {
  const token = sequence.srcToken
  const range = rangeOf(sequence)
  if (token?.type !== 'flow-collection' || range === undefined) return undefined
  const brackets = { start: token.offset, end: range[1] }
  const items = sequence.items.map((item, index) => {
    const own = rangeOf(item)
    return { start: firstOf(token.items[index]?.start ?? []) ?? own?.[0] ?? 0, end: own?.[1] ?? 0 }
  })
  const [colon, space] = sep
  const isBare = colon?.type === 'map-value-ind' && (space === undefined || space.type === 'space') && sep.length <= 2
  const grows = root.style === 'block' && isBare && text.slice(brackets.start, brackets.end) === '[]'
  return { style: 'flow', items, brackets, ...(grows ? { colon: colon.offset + 1 } : {}) }
}

interface Token {
  readonly type: string
  readonly offset: number
  readonly source: string
}

const SPACING: ReadonlySet<string> = new Set(['space', 'newline', 'comment', 'comma', 'seq-item-ind'])

/** Where an entry begins when something stands before its key or value: an anchor, a tag, a `?`. */
function firstOf(start: readonly { readonly type: string; readonly offset: number }[]): number | undefined {
  return start.find(({ type }) => !SPACING.has(type))?.offset
}

function separator(map: YAMLMap, index: number): readonly Token[] {
  const token = map.srcToken
  const item = token !== undefined && 'items' in token ? token.items[index] : undefined
  const sep = item !== undefined && 'sep' in item ? item.sep : undefined
  return (sep ?? []).flatMap((part) =>
    'source' in part ? [{ type: part.type, offset: part.offset, source: part.source }] : [],
  )
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  const range: unknown = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
  if (!Array.isArray(range)) return undefined
  const [start, end, outer]: unknown[] = range
  return typeof start === 'number' && typeof end === 'number' && typeof outer === 'number'
    ? [start, end, outer]
    : undefined
}

function keyOf({ key }: { readonly key: unknown }): string {
  return typeof key === 'object' && key !== null && 'value' in key ? String(key.value) : ''
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

function isSpace(text: string): boolean {
  return /^\ufeff? *$/.test(text)
}
