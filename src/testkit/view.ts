import { isMap, isScalar, isSeq, type Pair, parseDocument } from 'yaml'

/**
 * A ResourceList as the laws see it, read by a parser of their own: a fault of the reader under test must not hide
 * from the tests.
 */
export interface View {
  readonly items: readonly ItemView[]
  readonly results: readonly unknown[]
  readonly functionConfig?: unknown
  /** The whole list. */
  readonly value: unknown
}

export interface ItemView {
  readonly value: unknown
  /** The item's own text, from its first key to its last value. */
  readonly text: string
  /** The same with everything between it and the item before: its dash, and the comments above it. */
  readonly textWithGap: string
}

/** Reads a ResourceList, or says why the text is none. */
export function view(text: string): View | string {
  const body = text.replace(/^\uFEFF/, '')
  const document = parseDocument(body, { merge: true, uniqueKeys: false, logLevel: 'silent' })
  const [broken] = document.errors
  if (broken !== undefined) return broken.message
  const { contents } = document
  if (!isMap(contents)) return 'it is no mapping'
  const value: unknown = document.toJS()
  if (read(value, 'kind') !== 'ResourceList') return 'its `kind` is not `ResourceList`'
  const items = read(value, 'items')
  const nodes = contents.items.find((pair) => keyOf(pair) === 'items')?.value
  const spans = isSeq(nodes) ? nodes.items.map(spanOf) : []
  const functionConfig = read(value, 'functionConfig')
  return {
    items: list(items).map((item, index) => {
      const { start, end } = spans[index] ?? NOWHERE
      const before = index === 0 ? 0 : trimmedEnd(body, spans[index - 1] ?? NOWHERE)
      const own = trimmedEnd(body, { start, end })
      return { value: item, text: body.slice(start, own), textWithGap: body.slice(before, own) }
    }),
    results: list(read(value, 'results')),
    value,
    ...(functionConfig === undefined ? {} : { functionConfig }),
  }
}

/** A value deep inside another, `undefined` where a step does not exist. */
export function read(value: unknown, ...steps: readonly (string | number)[]): unknown {
  return steps.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step) ? Reflect.get(inner, step) : undefined,
    value,
  )
}

/** Whether the address exists, whatever stands there. */
export function has(value: unknown, steps: readonly (string | number)[]): boolean {
  const [step, ...rest] = steps
  if (step === undefined) return true
  return (
    typeof value === 'object' && value !== null && Object.hasOwn(value, step) && has(Reflect.get(value, step), rest)
  )
}

/** The list that a value is, or an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The text that a value is, or an empty one. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** `Kind namespace/name`: how violations name an object. */
export function nameOf(object: unknown): string {
  const namespace = read(object, 'metadata', 'namespace')
  const name = String(read(object, 'metadata', 'name'))
  return `${String(read(object, 'kind'))} ${namespace === undefined ? '' : `${String(namespace)}/`}${name}`
}

interface Span {
  readonly start: number
  readonly end: number
}

const NOWHERE: Span = { start: 0, end: 0 }

function spanOf(node: unknown): Span {
  const range = read(node, 'range')
  const [start, end] = list(range)
  return { start: Number(start ?? 0), end: Number(end ?? 0) }
}

function trimmedEnd(source: string, { start, end }: Span): number {
  return start + source.slice(start, end).trimEnd().length
}

function keyOf({ key }: Pair): unknown {
  return isScalar(key) ? key.value : key
}
