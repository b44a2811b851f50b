import { joinPath } from '../../krm/object.ts'
import { unknownField } from './field-names.ts'
import { type EnvoyMinor, isOlder } from './minors.ts'
import type { Problem } from './problem.ts'
import { scalarProblem } from './scalar.ts'
import { referenced, type Schema, type SchemaObject, type SchemaSet, typeName } from './schema.ts'
import { closestType, describeTypes } from './type-names.ts'
import { type Broken, needs, release, type Violation } from './violation.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** Asked about every message of the config, by its protobuf name: where rules beyond the schema look. */
export type MessageCheck = (message: string, value: JsonObject, at: At) => readonly Violation[]

/** Where the walk stands. */
export interface At {
  /** Of where the walk began. */
  readonly path: string
  /** The step from the one around it; `pathOf` puts the path together where there is something to say. */
  readonly step?: { readonly name: string | number; readonly from: At }
  /** The minors still in question: those before a field's `since` are reported once, and left. */
  readonly minors: readonly EnvoyMinor[]
  /** The minors that the whole config is for, oldest first. */
  readonly range: readonly EnvoyMinor[]
  /** A message that is merged into one which istiod built: nothing is demanded of it. */
  readonly partial: boolean
  /** Whether Envoy calls this or what it stands in a secret. */
  readonly isSecret?: boolean
}

export function pathOf({ path, step }: At): string {
  return step === undefined ? path : joinPath(pathOf(step.from), step.name)
}

function inside(at: At, name: string | number, partial: boolean): At {
  const { path, minors, range, isSecret = false } = at
  return { path, step: { name, from: at }, minors, range, partial, isSecret }
}

/** Nearly every check finds nothing, thousands of times a render. */
const NOTHING: readonly Violation[] = []

function joined(a: readonly Violation[], b: readonly Violation[]): readonly Violation[] {
  return b.length === 0 ? a : a.length === 0 ? b : [...a, ...b]
}

interface Knowledge {
  readonly set: SchemaSet
  readonly check: MessageCheck
}

/**
 * Checks a value against a definition of the schema, for every minor at once. The verdict on each minor is ajv's on that
 * minor's projection of the schema (test/envoy-api/ajv.test.ts holds it to that).
 */
export function walk(
  set: SchemaSet,
  definition: string,
  value: unknown,
  at: At,
  check: MessageCheck = () => [],
): readonly Violation[] {
  return named({ set, check }, definition, value, at)
}

function named(known: Knowledge, name: string, value: unknown, at: At): readonly Violation[] {
  const schema = known.set.$defs[name]
  if (schema === undefined) throw new Error(`the schema has no definition ${name}`)
  const own = node(known, schema, value, at)
  // Names with a colon are of Any kinds; the rest are messages.
  return isObject(value) && !name.includes(':') ? joined(own, known.check(name, value, at)) : own
}

function node(known: Knowledge, schema: Schema, value: unknown, around: At): readonly Violation[] {
  if (around.minors.length === 0 || schema === true) return NOTHING
  const at = schema !== false && schema.writeOnly === true ? { ...around, isSecret: true } : around
  if (schema === false) return broken(at, 'unknown-field', 'is not a field here: only an Any names its type')
  const inner = schema.$ref === undefined ? NOTHING : named(known, referenced(schema.$ref), value, at)
  if (schema.refused !== undefined) return broken(at, 'refused', `must not be set: ${schema.refused}`)
  const problem = scalarProblem(schema, value, at.minors, at.isSecret)
  const scalar = problem === undefined ? NOTHING : [located(at, problem)]
  if (problem?.rule === 'type') return joined(inner, scalar)
  const parts = isObject(value)
    ? object(known, schema, value, at)
    : Array.isArray(value)
      ? array(known, schema, value, at)
      : NOTHING
  return joined(joined(inner, scalar), joined(parts, dated(known, schema, value, at)))
}

/** Rules that only some minors have. */
function dated(known: Knowledge, { until, from }: SchemaObject, value: unknown, at: At): readonly Violation[] {
  if (until === undefined && from === undefined) return NOTHING
  const rules = [
    ...Object.entries(until ?? {}).map(([last, rule]) => ({
      rule,
      has: (minor: EnvoyMinor) => !isOlder(last, minor),
      when: `until ${release(last)}`,
    })),
    ...Object.entries(from ?? {}).map(([first, rule]) => ({
      rule,
      has: (minor: EnvoyMinor) => !isOlder(minor, first),
      when: `from ${release(first)} on`,
    })),
  ]
  return rules.flatMap(({ rule, has, when }) => {
    const found = node(known, rule, value, { ...at, minors: at.minors.filter(has) })
    return found.map((one) => ({ ...one, message: `${one.message}, ${when}` }))
  })
}

function object(known: Knowledge, schema: SchemaObject, value: JsonObject, at: At): readonly Violation[] {
  const { required = [], minProperties = 0, discriminator } = schema
  const keys = Object.keys(value)
  let found = discriminator === undefined ? NOTHING : alternative(known, schema, discriminator.propertyName, value, at)
  for (const key of keys) found = joined(found, field(known, schema, key, value[key], at))
  if (keys.length < minProperties)
    found = joined(found, broken(at, 'length', `must have at least ${counted(minProperties, 'entry', 'entries')}`))
  for (const name of at.partial ? [] : required) {
    // An absent tag is the alternatives' business.
    if (Object.hasOwn(value, name) || name === discriminator?.propertyName) continue
    found = joined(found, broken(at, 'required', `must have \`${name}\``))
  }
  return joined(found, exclusive(schema, value, at))
}

function field(known: Knowledge, schema: SchemaObject, key: string, value: unknown, at: At): readonly Violation[] {
  const here = inside(at, key, at.partial)
  const { properties = {}, additionalProperties: more = true } = schema
  const declared = Object.hasOwn(properties, key) ? properties[key] : undefined
  if (declared !== undefined) return declaredField(known, declared, key, value, here)
  if (more === false) return [located(here, unknownField(key, schema))]
  const problem = schema.propertyNames === undefined ? undefined : scalarProblem(schema.propertyNames, key, at.minors)
  const keyed = problem === undefined ? NOTHING : [located(here, { ...problem, message: `the key ${problem.message}` })]
  // A merge replaces a map's entry as a whole.
  return joined(keyed, node(known, more, value, { ...here, partial: false }))
}

function declaredField(known: Knowledge, schema: Schema, key: string, value: unknown, at: At): readonly Violation[] {
  const since = typeof schema === 'object' ? schema.since : undefined
  if (since === undefined) return node(known, schema, value, at)
  return [...newerThan(at, `\`${key}\``, since), ...node(known, schema, value, { ...at, minors: having(at, since) })]
}

function having({ minors }: At, since: EnvoyMinor): readonly EnvoyMinor[] {
  return minors.filter((minor) => !isOlder(minor, since))
}

function newerThan(at: At, what: string, since: EnvoyMinor): readonly Violation[] {
  const minors = at.minors.filter((minor) => isOlder(minor, since))
  return minors.length === 0 ? [] : broken({ ...at, minors }, 'since', needs(what, since, at.range))
}

function exclusive({ oneofs, properties = {} }: SchemaObject, value: JsonObject, at: At): readonly Violation[] {
  if (oneofs === undefined) return NOTHING
  return oneofs.flatMap(({ fields, required }) => {
    const set = fields.filter((name) => Object.hasOwn(value, name))
    if (set.length > 1) return broken(at, 'oneof', `must have only one of ${quoted(set)}`)
    if (set.length === 1 || required !== true || at.partial) return []
    const open = fields.filter((name) => !isRefused(properties[name]))
    return broken(at, 'oneof', `must have ${open.length === 1 ? '' : 'one of '}${quoted(open)}`)
  })
}

function isRefused(schema: Schema | undefined): boolean {
  return typeof schema === 'object' && schema.refused !== undefined
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}

function counted(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`
}

function array(known: Knowledge, schema: SchemaObject, value: readonly unknown[], at: At): readonly Violation[] {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items = true } = schema
  let found = NOTHING
  if (value.length < minItems) found = broken(at, 'length', `must have at least ${counted(minItems, 'item', 'items')}`)
  if (value.length > maxItems)
    found = joined(found, broken(at, 'length', `must have at most ${counted(maxItems, 'item', 'items')}`))
  // A merge appends items, so each must be whole.
  for (const [i, item] of value.entries()) found = joined(found, node(known, items, item, inside(at, i, false)))
  return found
}

function alternative(
  known: Knowledge,
  { oneOf = [] }: SchemaObject,
  tag: string,
  value: JsonObject,
  at: At,
): readonly Violation[] {
  const here = inside(at, tag, at.partial)
  const wanted = value[tag]
  const urls = oneOf.flatMap((option) => tags(known.set, option, tag))
  if (typeof wanted !== 'string')
    return broken(here, 'any-type', `must name the type of the config: ${describeTypes(urls)}`)
  const chosen = oneOf.find((option) => tags(known.set, option, tag).includes(wanted))
  if (chosen === undefined) {
    const proposed = closestType(wanted, urls)
    const message = `must be a type that may stand here (${describeTypes(urls)}), not "${wanted}"`
    return [located(here, { rule: 'any-type', message, ...(proposed === undefined ? {} : { proposed }) })]
  }
  const { since } = chosen
  if (since === undefined) return node(known, chosen, value, at)
  return [
    ...newerThan(here, `"${typeName(wanted)}"`, since),
    ...node(known, chosen, value, { ...at, minors: having(at, since) }),
  ]
}

/** The values of the tag that choose an alternative. */
function tags(set: SchemaSet, option: SchemaObject, tag: string): readonly string[] {
  const schema = option.$ref === undefined ? option : set.$defs[referenced(option.$ref)]
  const own = typeof schema === 'object' ? schema.properties?.[tag] : undefined
  if (typeof own !== 'object') return []
  return own.enum ?? (typeof own.const === 'string' ? [own.const] : [])
}

/** A problem at a place. */
function located(at: At, problem: Problem): Violation {
  return { path: pathOf(at), minors: at.minors, ...problem }
}

function broken(at: At, rule: Broken, message: string): readonly Violation[] {
  return [located(at, { rule, message })]
}

/** Whether a value is a JSON object: no list, no null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
