import type { Diagnostics } from './diagnostic.ts'
import { applyEdits, type Edit } from './edit.ts'
import { emitBlock, emitJson } from './emit-yaml.ts'
import { flowEdits } from './flow-edits.ts'
import { type BlockList, entryOf, type FlowList, type Layout } from './layout.ts'
import { eolOf, lineEnd } from './lines.ts'
import type { Change, ResourceList } from './resource-list.ts'
import { type Result, toResults } from './results.ts'

/**
 * The list as text: one document, every kept item byte for byte. Dropped items leave with exactly their own lines, added
 * ones stand behind the last in the list's own style, and `results` is the last field, if there are any.
 */
export function write({ layout }: ResourceList, change: Change, diagnostics: Diagnostics): string {
  const edits = [...listEdits(layout, change), ...resultEdits(layout, toResults(diagnostics))]
  return edits.length === 0 ? layout.text : applyEdits(layout.text, edits)
}

function listEdits(layout: Layout, change: Change): readonly Edit[] {
  const { text, list } = layout
  if (list === undefined) return []
  if (list.style === 'block') return blockEdits(text, list, change)
  if (list.colon !== undefined && change.added.length > 0) return growEdits(layout, list, list.colon, change)
  const { dropped, added } = change
  return flowEdits(text, { spans: list.items, brackets: list.brackets, dropped }, (indent) =>
    added.map((object) => emitJson(object, indent)),
  )
}

function blockEdits(text: string, { items, column, colon }: BlockList, { dropped, added }: Change): readonly Edit[] {
  const edits: Edit[] = []
  for (const [index, { start, end }] of items.entries()) if (dropped.has(index)) edits.push({ start, end, insert: '' })
  const end = items.at(-1)?.end ?? text.length
  if (added.length > 0) edits.push({ start: end, end, insert: lines(text, added, column), ownLine: true })
  else if (edits.length === items.length) edits.push({ start: colon, end: colon, insert: ' []' })
  return edits
}

/** `items: []` becomes a list of lines, in the style that kpt and kustomize write, behind the blank lines that follow. */
function growEdits(layout: Layout, { brackets }: FlowList, colon: number, { added }: Change): readonly Edit[] {
  const next = entryOf(layout, 'items')?.end ?? lineEnd(layout.text, brackets.end)
  return [
    { start: colon, end: brackets.end, insert: '' },
    { start: next, end: next, insert: lines(layout.text, added, 0), ownLine: true },
  ]
}

/** An old `results` goes, wherever it stood: it is the last function's, and hosts have read it. */
function resultEdits(layout: Layout, results: readonly Result[]): readonly Edit[] {
  const { text, root } = layout
  const old = entryOf(layout, 'results')
  if (root.style === 'flow') {
    const dropped = new Set(old === undefined ? [] : [root.entries.indexOf(old)])
    const added = (indent: number) => (results.length === 0 ? [] : [`"results": ${emitJson(results, indent)}`])
    return flowEdits(text, { spans: root.entries, brackets: root.brackets, dropped }, added)
  }
  const edits: Edit[] = old === undefined ? [] : [{ start: old.start - root.column, end: old.end, insert: '' }]
  const end = root.entries.reduce((last, entry) => Math.max(last, entry.end), 0)
  const field = emitBlock({ results }, root.column)
  if (results.length > 0) edits.push({ start: end, end, insert: join(field, eolOf(text)), ownLine: true })
  return edits
}

/** One item after the other, so that the lines of one are gone from memory before the next needs some. */
function lines(text: string, items: readonly object[], column: number): string {
  const eol = eolOf(text)
  return items.map((item) => join(emitBlock([item], column), eol)).join('')
}

function join(block: readonly string[], eol: string): string {
  return block.join(eol) + eol
}
