/** A part of the text: `[start, end)` in UTF-16 code units. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A top-level field. Its span begins at the key; in block style it ends with its last line, in flow style with its value. */
export interface Entry extends Span {
  readonly key: string
}

/** `items` in block style, which grows and shrinks by whole lines. */
export interface BlockList {
  readonly style: 'block'
  /** Column of the dashes. */
  readonly column: number
  /** From the start of the dash's line to the end of the item's last line; comments left of the dashes' content are in no span. */
  readonly items: readonly Span[]
  /** Where ` []` goes when nothing is left: behind `items:`. */
  readonly colon: number
}

/** `items` in flow style (JSON), which grows and shrinks by commas. */
export interface FlowList {
  readonly style: 'flow'
  /** From the first to behind the last character of the value. */
  readonly items: readonly Span[]
  /** The brackets, `[` and `]` included. */
  readonly brackets: Span
  /** Behind `items:`, when the list is an empty `[]` on the line of its key and can grow into block style. */
  readonly colon?: number
}

/**
 * Where things stand in the text of a ResourceList: all that the writer needs to change it without touching the rest.
 * Every reader makes the same layout of the same text.
 */
export interface Layout {
  readonly text: string
  readonly root:
    | { readonly style: 'block'; readonly column: number; readonly entries: readonly Entry[] }
    | { readonly style: 'flow'; readonly brackets: Span; readonly entries: readonly Entry[] }
  /** Absent when there is no `items`, or it is no list. */
  readonly list?: BlockList | FlowList
}

export function entryOf(layout: Layout, key: string): Entry | undefined {
  return layout.root.entries.find((entry) => entry.key === key)
}
