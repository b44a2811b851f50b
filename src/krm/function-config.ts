import { type Diagnostic, error } from './diagnostic.ts'
import { isFields, typeName } from './fields.ts'
import { at, joinPath, type Place } from './object.ts'
import { fail, type Outcome, ok } from './outcome.ts'
import { type Item, type ResourceList, sourceOf } from './resource-list.ts'
import { fieldHint } from './suggest.ts'

/** Of every kind that is our own. */
export const API_VERSION = 'meltemi.dev/v1alpha1'

/** The function's own configuration, in one of the two forms that hosts can send. */
export type FunctionConfig =
  | { readonly kind: 'none' }
  /** Our own kind; `place` is `spec`. */
  | { readonly kind: 'typed'; readonly spec: Readonly<Record<string, unknown>>; readonly place: Place }
  /** A ConfigMap, all strings (`kpt fn eval -- key=value`); `place` is `data`. */
  | { readonly kind: 'strings'; readonly data: Readonly<Record<string, string>>; readonly place: Place }

/** A tree of strings: what dotted keys stand for. */
export interface Strings {
  readonly [key: string]: string | Strings
}

/** Reads the list's functionConfig for a function whose typed kind is `kind`. No config is a good config. */
export function readFunctionConfig(list: ResourceList, kind: string): Outcome<FunctionConfig> {
  const item = list.functionConfig
  if (item === undefined) return ok({ kind: 'none' })
  const value = item.value()
  const source = sourceOf(item)
  // Text that is no YAML was reported when the list was read.
  if (value === undefined) return fail([])
  if (!isFields(value))
    return fail([error(undefined, `\`functionConfig\` must be ${forms(kind)}, not ${typeName(value)}`)])
  const { apiVersion, kind: found } = value
  if (apiVersion === 'v1' && found === 'ConfigMap') return readConfigMap(value, item)
  if (apiVersion !== API_VERSION || found !== kind) {
    const what = `${String(apiVersion ?? 'no apiVersion')}, ${String(found ?? 'no kind')}`
    return fail([
      error(
        at(source, found === kind ? 'apiVersion' : 'kind'),
        `the functionConfig must be ${forms(kind)}, not \`${what}\``,
      ),
    ])
  }
  const unknown = unknownFields(value, ['apiVersion', 'kind', 'metadata', 'spec'], item)
  if (unknown.length > 0) return fail(unknown)
  const { spec } = value
  const place = at(source, 'spec')
  if (spec === undefined || spec === null) return ok({ kind: 'typed', spec: {}, place })
  if (!isFields(spec)) return fail([error(place, `must be a map, not ${typeName(spec)}`)])
  return ok({ kind: 'typed', spec, place })
}

function forms(kind: string): string {
  return `\`apiVersion: ${API_VERSION}, kind: ${kind}\` with its fields below \`spec\`, or a v1 ConfigMap with strings in \`data\``
}

function readConfigMap(value: Readonly<Record<string, unknown>>, item: Item): Outcome<FunctionConfig> {
  const unknown = unknownFields(value, ['apiVersion', 'kind', 'metadata', 'data', 'immutable'], item)
  if (unknown.length > 0) return fail(unknown)
  const place = at(sourceOf(item), 'data')
  const { data = {} } = value
  if (data === null) return ok({ kind: 'strings', data: {}, place })
  if (!isFields(data)) return fail([error(place, `must be a map of strings, not ${typeName(data)}`)])
  if (isStrings(data)) return ok({ kind: 'strings', data, place })
  const wrong = Object.entries(data).filter(([, entry]) => typeof entry !== 'string')
  return fail(
    wrong.map(([key, entry]) =>
      error(
        at(place.source, joinPath(place.path, key)),
        `must be a string, not ${typeName(entry)}: a ConfigMap holds nothing else, so quote it`,
      ),
    ),
  )
}

function isStrings(data: Readonly<Record<string, unknown>>): data is Readonly<Record<string, string>> {
  return Object.values(data).every((entry) => typeof entry === 'string')
}

function unknownFields(
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
  item: Item,
): readonly Diagnostic[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) =>
      error(
        at(sourceOf(item), joinPath('', key)),
        `\`${key}\` is not a field of this functionConfig: ${fieldHint(key, known)}`,
      ),
    )
}

/**
 * Turns dotted keys into a tree: `{'istio.versions': 'a', priority: '5'}` is `{istio: {versions: 'a'}, priority: '5'}`.
 * An error: a key with an empty part, or one that is both a value and a branch.
 */
export function nestStrings(data: Readonly<Record<string, string>>, place: Place): Outcome<Strings> {
  const keys = Object.keys(data)
  const faults = keys.flatMap((key) => {
    const inner = at(place.source, joinPath(place.path, key))
    if (key.split('.').includes('')) return [error(inner, `\`${key}\` must be names joined by single dots`)]
    const above = keys.find((other) => key.startsWith(`${other}.`))
    return above === undefined
      ? []
      : [error(inner, `\`${key}\` and \`${above}\` cannot both be set: \`${above}\` is a value`)]
  })
  return faults.length > 0
    ? fail(faults)
    : ok(branch(Object.entries(data).map(([key, text]) => ({ path: key.split('.'), text }))))
}

interface Leaf {
  readonly path: readonly string[]
  readonly text: string
}

function branch(leaves: readonly Leaf[]): Strings {
  const heads = [...new Set(leaves.map(({ path }) => path[0] ?? ''))]
  return Object.fromEntries(
    heads.map((head) => {
      const below = leaves.filter(({ path }) => path[0] === head)
      const [leaf] = below.filter(({ path }) => path.length === 1)
      return [head, leaf?.text ?? branch(below.map(({ path, text }) => ({ path: path.slice(1), text })))]
    }),
  )
}
