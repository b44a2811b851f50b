import type { JsonObject } from '@bufbuild/protobuf'
import { ScalarType } from '@bufbuild/protobuf'
import type { SchemaObject } from '../../src/envoy/schema/schema.ts'
import { type Mapped, mapRules, UnmappedRule } from './rules.ts'

const SIGNED: SchemaObject = { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }
const UNSIGNED: SchemaObject = { type: 'integer', minimum: 0, maximum: 2 ** 32 - 1 }
// 64-bit numbers: an integer that JSON keeps exactly, or a decimal string of digits that always fit.
const SIGNED_64: SchemaObject = {
  type: ['integer', 'string'],
  minimum: -(2 ** 53 - 1),
  maximum: 2 ** 53 - 1,
  pattern: '^(?:0|-?[1-9][0-9]{0,17})$',
}
const UNSIGNED_64: SchemaObject = {
  type: ['integer', 'string'],
  minimum: 0,
  maximum: 2 ** 53 - 1,
  pattern: '^(?:0|[1-9][0-9]{0,18})$',
}
const BASE64: SchemaObject = {
  type: 'string',
  pattern: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
}
// Envoy calls durations that do not fit in 64 bits of nanoseconds, or are negative, out of range; nine digits always fit.
export const DURATION: SchemaObject = { type: 'string', pattern: '^(?:0|[1-9][0-9]{0,8})(?:\\.[0-9]{1,9})?s$' }
export const TIMESTAMP: SchemaObject = {
  type: 'string',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?Z$',
}

/** The schema of a protobuf scalar in JSON, with the rules on it. */
export function scalarSchema(type: ScalarType, { keywords }: Mapped): SchemaObject {
  switch (type) {
    case ScalarType.BOOL:
      return { type: 'boolean', ...keywords }
    case ScalarType.STRING:
      return { type: 'string', ...keywords }
    case ScalarType.BYTES:
      return { ...BASE64, ...keywords }
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return { type: 'number', ...keywords }
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return bounded(SIGNED, keywords)
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return bounded(UNSIGNED, keywords)
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return Object.keys(keywords).length === 0 ? SIGNED_64 : bounded({ ...SIGNED_64, type: 'integer' }, keywords)
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return Object.keys(keywords).length === 0 ? UNSIGNED_64 : bounded({ ...UNSIGNED_64, type: 'integer' }, keywords)
  }
}

// An exclusive bound of the rules replaces the type's own bound on that side.
function bounded({ pattern: _, ...type }: SchemaObject, keywords: SchemaObject): SchemaObject {
  const { minimum, maximum, ...rest } = { ...type, ...keywords }
  return {
    ...rest,
    ...(keywords.exclusiveMinimum === undefined && minimum !== undefined ? { minimum } : {}),
    ...(keywords.exclusiveMaximum === undefined && maximum !== undefined ? { maximum } : {}),
  }
}

/** Messages that are their scalar in JSON. */
export const WRAPPERS: Readonly<Record<string, ScalarType>> = {
  'google.protobuf.BoolValue': ScalarType.BOOL,
  'google.protobuf.StringValue': ScalarType.STRING,
  'google.protobuf.BytesValue': ScalarType.BYTES,
  'google.protobuf.FloatValue': ScalarType.FLOAT,
  'google.protobuf.DoubleValue': ScalarType.DOUBLE,
  'google.protobuf.Int32Value': ScalarType.INT32,
  'google.protobuf.Int64Value': ScalarType.INT64,
  'google.protobuf.UInt32Value': ScalarType.UINT32,
  'google.protobuf.UInt64Value': ScalarType.UINT64,
}

/** The schema of a map's keys; `undefined`: any text. */
export function keySchema(key: ScalarType, rules: JsonObject): SchemaObject | undefined {
  const { keywords } = mapRules(rules)
  if (key === ScalarType.STRING) return Object.keys(keywords).length === 0 ? undefined : keywords
  if (key !== ScalarType.UINT32 || Object.keys(keywords).length > 0)
    throw new UnmappedRule(`map key ${ScalarType[key]}`)
  // 4294967295 is the greatest; nine digits are always below it.
  return {
    pattern:
      '^(?:0|[1-9][0-9]{0,8}|[1-3][0-9]{9}|4[01][0-9]{8}|42[0-8][0-9]{7}|4294967[01][0-9]{2}|42949672[0-8][0-9]|429496729[0-5]|429496[0-6][0-9]{3}|42949[0-5][0-9]{4}|4294[0-8][0-9]{5}|429[0-3][0-9]{6})$',
  }
}
