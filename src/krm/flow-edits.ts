import type { Edit } from './edit.ts'
import type { Span } from './layout.ts'
import { eolOf } from './lines.ts'

/** A list or map in flow style, and which of its entries go. */
export interface FlowChange {
  readonly spans: readonly Span[]
  readonly brackets: Span
  readonly dropped: ReadonlySet<number>
}

/**
 * Drops and appends entries between brackets, commas included. `added` makes the new entries, indented by so many spaces
 * a level when the text has each entry on a line of its own.
 */
export function flowEdits(
  text: string,
  change: FlowChange,
  added: (indent: number) => readonly string[],
): readonly Edit[] {
  const { spans, dropped, brackets } = change
  const open = brackets.start + 1
  const lead = leadOf(text.slice(open, spans.at(0)?.start ?? open))
  const eol = eolOf(text)
  const entries = added(lead.includes('\n') ? 2 : 0).map((entry) => reindent(entry, lead, eol))
  const kept = spans.findIndex((_, index) => !dropped.has(index))
  const last = spans.at(-1)?.end ?? open
  if (kept === -1) {
    const inside = entries.join(`,${lead}`)
    const isEmpty = inside === ''
    if (isEmpty && spans.length === 0) return []
    return [
      { start: isEmpty ? open : (spans.at(0)?.start ?? open), end: isEmpty ? brackets.end - 1 : last, insert: inside },
    ]
  }
  const edits = spans.flatMap((span, index): readonly Edit[] => {
    if (!dropped.has(index)) return []
    // An entry leaves with the comma before it; those before the first that stays, with the comma behind them.
    if (index < kept) return [{ start: span.start, end: spans[index + 1]?.start ?? span.end, insert: '' }]
    return [{ start: spans[index - 1]?.end ?? span.start, end: span.end, insert: '' }]
  })
  const insert = entries.map((entry) => `,${lead}${entry}`).join('')
  return insert === '' ? edits : [...edits, { start: last, end: last, insert }]
}

/** White space before the first entry; entries that we add take the same. */
function leadOf(space: string): string {
  return /^\s*$/.test(space) ? space : ''
}

function reindent(entry: string, lead: string, eol: string): string {
  const indent = lead.slice(lead.lastIndexOf('\n') + 1)
  return lead.includes('\n') ? entry.replaceAll('\n', eol + indent) : entry
}
