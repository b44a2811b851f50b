import type { Oneof, Schema, SchemaObject, SchemaSet } from '../../src/envoy/schema/schema.ts'
import { narrow } from './projection.ts'

/**
 * Adds a newer minor to the union of the older ones. What is new gets `since`; a rule that is gone or looser gets `until`;
 * a rule that is new or stricter gets `from`. What the union cannot say (a field that is gone, another type, a rule that
 * changes a second time) is an error: such a change breaks configs in the middle of a mesh upgrade, and a person decides.
 */
export function addMinor(older: SchemaSet, minor: string, newer: Readonly<Record<string, Schema>>): SchemaSet {
  const step: Step = { last: older.minors[older.minors.length - 1] ?? '', minor }
  const $defs: Record<string, Schema> = {}
  for (const name of new Set([...Object.keys(older.$defs), ...Object.keys(newer)])) {
    const [before, after] = [older.$defs[name], newer[name]]
    if (after === undefined) throw new Error(`${name} is gone in Envoy ${minor}`)
    $defs[name] = before === undefined ? after : merge(before, after, { ...step, path: name })
  }
  return { minors: [...older.minors, minor], $defs }
}

interface Step {
  /** The newest minor of the union so far. */
  readonly last: string
  readonly minor: string
  readonly path?: string
}

function refuse(step: Step, what: string): never {
  throw new Error(`${step.path} in Envoy ${step.minor}: ${what}`)
}

/** Keywords that only ever narrow, and the test of "at least as loose". */
const LOOSER: Readonly<Record<string, (before: number, after: number) => boolean>> = {
  minLength: (before, after) => after <= before,
  maxLength: (before, after) => after >= before,
  maxBytes: (before, after) => after >= before,
  minItems: (before, after) => after <= before,
  maxItems: (before, after) => after >= before,
  minProperties: (before, after) => after <= before,
  minimum: (before, after) => after <= before,
  maximum: (before, after) => after >= before,
  exclusiveMinimum: (before, after) => after <= before,
  exclusiveMaximum: (before, after) => after >= before,
}
const RULES = [...Object.keys(LOOSER), 'pattern', 'duration', 'const', 'refused']
/** What a field is to people; the newest minor says it for all. */
const ANNOTATIONS = ['deprecated', 'writeOnly']
/** What the union has noted of earlier steps. */
const HISTORY = ['since', 'enumSince', 'until', 'from']

function merge(before: Schema, after: Schema, step: Step): Schema {
  if (typeof before === 'boolean' || typeof after === 'boolean')
    return before === after ? after : refuse(step, 'open before, closed now, or the other way round')
  const { since, enumSince, until, from } = before
  const history = { since, enumSince, until, from }
  const kept = Object.entries(history).filter(([, noted]) => noted !== undefined)
  const merged: Record<string, unknown> = { ...after, ...Object.fromEntries(kept) }
  const changes: Changes = { dropped: {}, added: {} }
  const newest = effective(before)
  for (const key of keysOf(before, newest, after)) {
    const [old, now] = [valueAt(newest, key), valueAt(after, key)]
    if (JSON.stringify(old) === JSON.stringify(now)) restore(merged, key, valueAt(before, key))
    else if (key === 'properties') merged[key] = mergeProperties(before, after, step)
    else if (key === 'required') merged[key] = mergeRequired(before, newest, after, changes)
    else if (key === 'oneofs') merged[key] = mergeOneofs(before, after, step)
    else if (key === 'enum') Object.assign(merged, mergeEnum(before, after, step))
    else if (key === 'oneOf') merged[key] = mergeAlternatives(before, after, step)
    else if (key === 'items' || key === 'additionalProperties')
      merged[key] = merge(before[key] ?? true, after[key] ?? true, step)
    else if (!ANNOTATIONS.includes(key)) restore(merged, key, mergeRule(key, old, now, { ...step, before }, changes))
  }
  if (Object.keys(changes.dropped).length > 0) merged.until = { ...until, [step.last]: changes.dropped }
  if (Object.keys(changes.added).length > 0) merged.from = { ...from, [step.minor]: changes.added }
  return merged
}

/** Rules that end with the last minor, and rules that begin with the new one. */
interface Changes {
  readonly dropped: Record<string, unknown>
  readonly added: Record<string, unknown>
}

function restore(merged: Record<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) delete merged[key]
  else merged[key] = value
}

/** The schema as the newest minor of the union has it. */
function effective({ since: _, enumSince: __, until: ___, from, ...schema }: SchemaObject): SchemaObject {
  return Object.values(from ?? {}).reduce((narrowed, rule) => narrow(narrowed, rule), schema)
}

function keysOf(...schemas: readonly SchemaObject[]): readonly string[] {
  return [...new Set(schemas.flatMap((schema) => Object.keys(schema)))].filter((key) => !HISTORY.includes(key))
}

function valueAt(schema: SchemaObject, key: string): unknown {
  return Object.entries(schema).find(([name]) => name === key)?.[1]
}

/** What the rule is for all minors; what it is for some goes to `changes`. */
function mergeRule(
  key: string,
  old: unknown,
  now: unknown,
  step: Step & { before: SchemaObject },
  changes: Changes,
): unknown {
  const was = `${key} was ${JSON.stringify(old)} and is ${JSON.stringify(now)}`
  const earlier = [...Object.values(step.before.until ?? {}), ...Object.values(step.before.from ?? {})]
  if (!RULES.includes(key) || earlier.some((rule) => valueAt(rule, key) !== undefined)) return refuse(step, was)
  // The type's own bound gives way to an exclusive one of a rule, and comes back after it: it holds for all minors.
  if (isTypeBound(key, old ?? now) && (old === undefined || now === undefined)) return old ?? now
  if (now === undefined || (old !== undefined && isLooser(key, old, now))) {
    changes.dropped[key] = old
    return now
  }
  if (old !== undefined && !isLooser(key, now, old)) return refuse(step, was)
  changes.added[key] = now
  return old
}

function isLooser(key: string, old: unknown, now: unknown): boolean {
  return typeof old === 'number' && typeof now === 'number' && LOOSER[key]?.(old, now) === true
}

function isTypeBound(key: string, value: unknown): boolean {
  if (key === 'minimum') return [0, -(2 ** 31), -(2 ** 53 - 1)].includes(Number(value))
  return key === 'maximum' && [2 ** 32 - 1, 2 ** 31 - 1, 2 ** 53 - 1].includes(Number(value))
}

function mergeRequired(
  before: SchemaObject,
  { required: old = [] }: SchemaObject,
  { required: now = [] }: SchemaObject,
  changes: Changes,
): readonly string[] {
  const gone = old.filter((name) => !now.includes(name))
  const added = now.filter((name) => !old.includes(name))
  if (gone.length > 0) changes.dropped.required = gone
  if (added.length > 0) changes.added.required = added
  return (before.required ?? []).filter((name) => now.includes(name))
}

function mergeProperties(before: SchemaObject, after: SchemaObject, step: Step): Readonly<Record<string, Schema>> {
  const properties: Record<string, Schema> = {}
  for (const name of Object.keys(before.properties ?? {}))
    if (after.properties?.[name] === undefined) refuse(step, `the field ${name} is gone`)
  for (const [name, now] of Object.entries(after.properties ?? {})) {
    const old = before.properties?.[name]
    if (old !== undefined) properties[name] = merge(old, now, { ...step, path: `${step.path}.${name}` })
    else properties[name] = typeof now === 'object' ? { ...now, since: step.minor } : { since: step.minor }
  }
  return properties
}

function mergeOneofs(before: SchemaObject, after: SchemaObject, step: Step): readonly Oneof[] {
  for (const now of after.oneofs ?? []) {
    const old = before.oneofs?.find(({ name }) => name === now.name)
    const fresh = now.fields.every((field) => before.properties?.[field] === undefined)
    if (old === undefined ? !fresh || now.required : old.required !== now.required)
      refuse(step, `the oneof ${now.name} changed`)
    if (old?.fields.some((field) => !now.fields.includes(field))) refuse(step, `the oneof ${now.name} lost a field`)
    if (
      old !== undefined &&
      now.fields.some((field) => !old.fields.includes(field) && before.properties?.[field] !== undefined)
    )
      refuse(step, `the oneof ${now.name} took an existing field`)
  }
  if (before.oneofs?.some(({ name }) => !after.oneofs?.some((now) => now.name === name)))
    refuse(step, 'a oneof is gone')
  return after.oneofs ?? []
}

function mergeEnum(before: SchemaObject, after: SchemaObject, step: Step): SchemaObject {
  const gone = (before.enum ?? []).filter((name) => !after.enum?.includes(name))
  if (gone.length > 0) refuse(step, `values gone: ${gone.join(', ')}`)
  const fresh = (after.enum ?? []).filter((name) => !before.enum?.includes(name))
  return { enumSince: { ...before.enumSince, ...Object.fromEntries(fresh.map((name) => [name, step.minor])) } }
}

function mergeAlternatives(before: SchemaObject, after: SchemaObject, step: Step): readonly SchemaObject[] {
  const plain = ({ since: _, ...schema }: SchemaObject): string => JSON.stringify(schema)
  const old = new Map((before.oneOf ?? []).map((schema) => [plain(schema), schema]))
  const now = new Set((after.oneOf ?? []).map(plain))
  for (const text of old.keys()) if (!now.has(text)) refuse(step, `an alternative is gone: ${text}`)
  return (after.oneOf ?? []).map((schema) => old.get(plain(schema)) ?? { ...schema, since: step.minor })
}
