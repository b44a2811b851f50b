import type { Oneof, Schema, SchemaObject, SchemaSet } from '../../src/envoy/schema/schema.ts'

/**
 * Adds a newer minor to the union of the older ones. What is new gets `since`, a rule that is gone or looser gets
 * `until`. Anything that would refuse on the new minor what the older ones took (a removed field, a new requirement, a
 * changed type) is an error: a person must decide then.
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
const DROPPABLE = [...Object.keys(LOOSER), 'pattern', 'duration', 'const', 'refused']

function merge(before: Schema, after: Schema, step: Step): Schema {
  if (typeof before === 'boolean' || typeof after === 'boolean')
    return before === after ? after : refuse(step, 'open before, closed now, or the other way round')
  const merged: Record<string, unknown> = { ...after }
  const dropped: Record<string, unknown> = {}
  for (const key of keysOf(before, after)) {
    const [old, now] = [valueAt(before, key), valueAt(after, key)]
    if (JSON.stringify(old) === JSON.stringify(now)) continue
    if (key === 'properties') merged[key] = mergeProperties(before, after, step)
    else if (key === 'required') Object.assign(dropped, droppedRequired(before, after, step))
    else if (key === 'oneofs') merged[key] = mergeOneofs(before, after, step)
    else if (key === 'enum') Object.assign(merged, mergeEnum(before, after, step))
    else if (key === 'oneOf') merged[key] = mergeAlternatives(before, after, step)
    else if (key === 'items' || key === 'additionalProperties')
      merged[key] = merge(before[key] ?? true, after[key] ?? true, step)
    else if (key === 'until' || key === 'enumSince' || key === 'since') merged[key] = old
    else if (key !== 'deprecated') Object.assign(dropped, droppedRule(key, old, now, step))
  }
  if (Object.keys(dropped).length > 0) merged.until = { ...before.until, [step.last]: dropped }
  return merged
}

function keysOf(before: SchemaObject, after: SchemaObject): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
}

function valueAt(schema: SchemaObject, key: string): unknown {
  return Object.entries(schema).find(([name]) => name === key)?.[1]
}

function droppedRule(key: string, old: unknown, now: unknown, step: Step): Readonly<Record<string, unknown>> {
  const looser = LOOSER[key]
  const loosened = typeof old === 'number' && typeof now === 'number' && looser?.(old, now) === true
  // An exclusive bound that becomes the type's own inclusive one shows as a rule gone and a wider one come.
  const widened = old === undefined && (key === 'minimum' || key === 'maximum')
  if (widened) return {}
  if (old !== undefined && ((now === undefined && DROPPABLE.includes(key)) || loosened)) return { [key]: old }
  return refuse(step, `${key} was ${JSON.stringify(old)} and is ${JSON.stringify(now)}`)
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

function droppedRequired(before: SchemaObject, after: SchemaObject, step: Step): SchemaObject {
  const added = (after.required ?? []).filter((name) => !before.required?.includes(name))
  if (added.length > 0) refuse(step, `now required: ${added.join(', ')}`)
  return { required: (before.required ?? []).filter((name) => !after.required?.includes(name)) }
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
