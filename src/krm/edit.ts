import type { Span } from './layout.ts'
import { eolOf } from './lines.ts'

/** Replaces a part of the text. `ownLine`: what is inserted begins a line, wherever the text before it ended. */
export interface Edit extends Span {
  readonly insert: string
  readonly ownLine?: boolean
}

/** The text with all edits made; they must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end)
  const pieces: string[] = []
  let from = 0
  for (const { start, end, insert, ownLine } of ordered) {
    keep(pieces, text.slice(from, start))
    if (ownLine === true && !(pieces.at(-1) ?? '\n').endsWith('\n')) pieces.push(eolOf(text))
    keep(pieces, insert)
    from = end
  }
  keep(pieces, text.slice(from))
  return pieces.join('')
}

function keep(pieces: string[], piece: string): void {
  if (piece !== '') pieces.push(piece)
}
