import { type Diagnostics, error } from './diagnostic.ts'
import type { Span } from './layout.ts'
import { type Change, type ResourceList, whereIs } from './resource-list.ts'

const ANCHOR = /(?<=^|[\s[{,])&([^\s,[\]{}]+)/g

/**
 * Aliases that a change would leave without their anchor, because it stands in an item that is dropped: the list would no
 * longer be YAML. Hosts write no such lists; people may.
 */
export function severedAliases({ items, layout }: ResourceList, { dropped }: Change): Diagnostics {
  const { text, list } = layout
  const gone = (list?.items ?? []).flatMap((span, index) => (dropped.has(index) ? [{ span, index }] : []))
  const anchors = gone.flatMap(({ span, index }) =>
    [...text.slice(span.start, span.end).matchAll(ANCHOR)].map(([, name = '']) => ({ name, index })),
  )
  if (anchors.length === 0) return []
  const rest = without(
    text,
    gone.map(({ span }) => span),
  )
  return anchors.flatMap(({ name, index }) => {
    const item = items[index]
    if (item === undefined || !hasAlias(rest, name)) return []
    const message = `\`*${name}\` refers to \`&${name}\` in ${whereIs(item)}, which this function replaces: write the value out where it is used`
    return [error(undefined, message)]
  })
}

function without(text: string, spans: readonly Span[]): string {
  const starts = [0, ...spans.map(({ end }) => end)]
  return starts.map((start, index) => text.slice(start, spans[index]?.start ?? text.length)).join('')
}

function hasAlias(text: string, name: string): boolean {
  for (let at = text.indexOf(`*${name}`); at !== -1; at = text.indexOf(`*${name}`, at + 1)) {
    const before = text.charAt(at - 1)
    const after = text.charAt(at + name.length + 1)
    if (/^[\s[{,]?$/.test(before) && /^[\s\]},]?$/.test(after)) return true
  }
  return false
}
