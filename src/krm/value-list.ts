import { headerOf } from './header.ts'
import type { ReadItem } from './item.ts'
import type { Layout } from './layout.ts'
import { type Reads, withObjects } from './objects.ts'
import type { Outcome } from './outcome.ts'
import type { ResourceList } from './resource-list.ts'

const NO_TEXT: Layout = { text: '', root: { style: 'flow', brackets: { start: 0, end: 0 }, entries: [] } }

/** A list of objects that were never text, for callers that have parsed them: `write` has nothing to write for it. */
export function listOfValues(values: readonly unknown[], functionConfig: unknown, reads: Reads): Outcome<ResourceList> {
  const items = values.map((value, index) => itemOf(value, index))
  const config =
    functionConfig === undefined || functionConfig === null ? {} : { functionConfig: itemOf(functionConfig, -1) }
  return withObjects({ items, layout: NO_TEXT, ...config }, items, reads)
}

function itemOf(value: unknown, index: number): ReadItem {
  return { index, ...headerOf(value), value: () => value, parse: () => ({ ok: true, value }) }
}
