import { isOlder } from '../../src/envoy/schema/minors.ts'
import type { Schema, SchemaObject, SchemaSet } from '../../src/envoy/schema/schema.ts'

/**
 * The schema of one minor, without `since`, `enumSince`, `until` and `from`: what the union says about that minor. It equals the
 * schema made from that minor's descriptors alone (a test holds it to that), so the union loses nothing.
 */
export function projection(set: SchemaSet, minor: string): Readonly<Record<string, Schema>> {
  const $defs = Object.entries(set.$defs).map(([name, schema]) => [name, project(schema, minor)] as const)
  return Object.fromEntries($defs)
}

function project(schema: Schema, minor: string): Schema {
  if (typeof schema === 'boolean') return schema
  const { since: _, enumSince, until, from, ...rest } = schema
  const own: SchemaObject = {
    ...rest,
    ...(rest.properties === undefined ? {} : { properties: projectFields(rest.properties, minor) }),
    ...(rest.additionalProperties === undefined
      ? {}
      : { additionalProperties: project(rest.additionalProperties, minor) }),
    ...(rest.items === undefined ? {} : { items: project(rest.items, minor) }),
    ...(rest.enum === undefined
      ? {}
      : { enum: rest.enum.filter((name) => !isOlder(minor, enumSince?.[name] ?? minor)) }),
    ...(rest.oneOf === undefined ? {} : { oneOf: alternatives(rest.oneOf, minor) }),
    ...(rest.oneofs === undefined ? {} : { oneofs: oneofs(schema, minor) }),
  }
  const ending = Object.entries(until ?? {}).filter(([last]) => !isOlder(last, minor))
  const begun = Object.entries(from ?? {}).filter(([first]) => !isOlder(minor, first))
  return [...ending, ...begun].reduce((narrowed, [, rule]) => narrow(narrowed, rule), withoutEmpty(own))
}

/** A schema with a rule more. */
export function narrow(schema: SchemaObject, rule: SchemaObject): SchemaObject {
  const { required, ...keywords } = rule
  const merged = { ...schema, ...keywords }
  const { minimum, maximum, ...rest } = merged
  return {
    ...rest,
    // An exclusive bound stands in the place of the inclusive one.
    ...(minimum === undefined || rule.exclusiveMinimum !== undefined ? {} : { minimum }),
    ...(maximum === undefined || rule.exclusiveMaximum !== undefined ? {} : { maximum }),
    ...(required === undefined ? {} : { required: [...(schema.required ?? []), ...required].sort() }),
  }
}

function isNewer(schema: Schema | undefined, minor: string): boolean {
  return typeof schema === 'object' && schema.since !== undefined && isOlder(minor, schema.since)
}

function projectFields(fields: Readonly<Record<string, Schema>>, minor: string): Readonly<Record<string, Schema>> {
  const kept = Object.entries(fields).filter(([, schema]) => !isNewer(schema, minor))
  return Object.fromEntries(kept.map(([name, schema]) => [name, project(schema, minor)]))
}

function alternatives(oneOf: readonly SchemaObject[], minor: string): readonly SchemaObject[] {
  return oneOf.filter((schema) => !isNewer(schema, minor)).map((schema) => projectObject(schema, minor))
}

function projectObject(schema: SchemaObject, minor: string): SchemaObject {
  const projected = project(schema, minor)
  return typeof projected === 'object' ? projected : {}
}

function oneofs(schema: SchemaObject, minor: string): SchemaObject['oneofs'] & object {
  return (schema.oneofs ?? [])
    .map((oneof) => ({ ...oneof, fields: oneof.fields.filter((field) => !isNewer(schema.properties?.[field], minor)) }))
    .filter((oneof) => oneof.fields.length > 0)
}

function withoutEmpty(schema: SchemaObject): SchemaObject {
  const { oneofs: list, ...rest } = schema
  return list === undefined || list.length === 0 ? rest : schema
}
