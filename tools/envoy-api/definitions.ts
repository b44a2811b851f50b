import type { DescField, DescMessage, JsonObject } from '@bufbuild/protobuf'
import { type Oneof, reference, type Schema, typeUrl } from '../../src/envoy/schema/schema.ts'
import type { Api } from './descriptors.ts'
import { enumSchema, zeroRefused } from './enums.ts'
import type { Roots } from './roots.ts'
import { isRules, mapRules, rulesOf, UnmappedRule } from './rules.ts'
import { DURATION, keySchema, scalarSchema, TIMESTAMP, WRAPPERS } from './scalars.ts'
import { anyDefinitions, anyReference, extensionReference, isExtensionConfig, wellKnownInAny } from './slots.ts'

/** Definitions of one minor, and what a person must look at. */
export interface Definitions {
  readonly $defs: Readonly<Record<string, Schema>>
  /** Any fields that `roots.json` does not mention: closed until somebody decides. */
  readonly undecidedSlots: readonly string[]
  /** Rules without a mapping. */
  readonly unmapped: readonly string[]
  /** Fields that Envoy documents as not implemented. */
  readonly refused: readonly string[]
}

interface Draft {
  readonly api: Api
  readonly roots: Roots
  readonly anyTypes: ReadonlySet<string>
  readonly $defs: Record<string, Schema>
  readonly undecidedSlots: string[]
  readonly unmapped: string[]
  readonly refused: string[]
}

/** Turns the messages that `roots` reach into schema definitions. */
export function definitions(api: Api, roots: Roots): Definitions {
  const anyTypes = new Set(Object.values(roots.categories).flat())
  const draft: Draft = { api, roots, anyTypes, $defs: {}, undecidedSlots: [], unmapped: [], refused: [] }
  for (const name of roots.messages) define(draft, api.message(name))
  for (const name of [...anyTypes].sort()) {
    if (name.startsWith('google.protobuf.')) draft.$defs[name] = wellKnownInAny(name)
    else define(draft, api.message(name))
  }
  Object.assign(draft.$defs, anyDefinitions(roots))
  return draft
}

function define(draft: Draft, message: DescMessage): void {
  if (draft.$defs[message.typeName] !== undefined) return
  const properties: Record<string, Schema> = {}
  // Reserved before its fields are looked at: messages may contain themselves.
  draft.$defs[message.typeName] = true
  if (draft.anyTypes.has(message.typeName)) properties['@type'] = { const: typeUrl(message.typeName) }
  const required: string[] = []
  for (const field of message.fields) {
    const { schema, isRequired } = fieldSchema(draft, field)
    properties[field.name] = schema
    if (isRequired) required.push(field.name)
  }
  const oneofs = message.oneofs.map((oneof): Oneof => {
    const fields = oneof.fields.map((field) => field.name)
    return { name: oneof.name, fields, ...(draft.api.flag(oneof, 'validate.required') ? { required: true } : {}) }
  })
  draft.$defs[message.typeName] = {
    type: 'object',
    properties,
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required: required.sort() }),
    ...(oneofs.length === 0 ? {} : { oneofs }),
  }
}

interface FieldSchema {
  readonly schema: Schema
  readonly isRequired: boolean
}

function fieldSchema(draft: Draft, field: DescField): FieldSchema {
  const name = `${field.parent.typeName}.${field.name}`
  const refused = refusal(draft, field)
  if (refused !== undefined) return { schema: { refused }, isRequired: false }
  try {
    const { schema, refusesAbsence } = valueSchema(draft, field, draft.api.rules(field))
    return { schema: annotated(draft, field, schema), isRequired: refusesAbsence && field.oneof === undefined }
  } catch (problem) {
    if (!(problem instanceof UnmappedRule)) throw problem
    draft.unmapped.push(`${name}: ${problem.message}`)
    return { schema: false, isRequired: false }
  }
}

function annotated({ api }: Draft, field: DescField, schema: Schema): Schema {
  if (typeof schema !== 'object') return schema
  return {
    ...schema,
    ...(field.deprecated ? { deprecated: true } : {}),
    ...(api.flag(field, 'udpa.annotations.sensitive') ? { writeOnly: true } : {}),
  }
}

function refusal(draft: Draft, field: DescField): string | undefined {
  if (draft.api.flag(field, 'envoy.annotations.disallowed_by_default'))
    return 'Envoy refuses it unless an operator allows it at run time'
  if (!draft.api.comment(field).includes('[#not-implemented-hide:')) return undefined
  draft.refused.push(`${field.parent.typeName}.${field.name}`)
  return 'Envoy does not implement it'
}

interface ValueSchema {
  readonly schema: Schema
  readonly refusesAbsence: boolean
}

function valueSchema(draft: Draft, field: DescField, rules: JsonObject): ValueSchema {
  // `message` stands beside the rules of a kind, and only says `required` and `skip`.
  const { message, any, ...kinds } = rules
  const required = demands(message) || demands(any) || demands(kinds.duration)
  switch (field.fieldKind) {
    case 'scalar':
    case 'enum': {
      const mapped = mapRules(kinds)
      const schema =
        field.fieldKind === 'enum' ? enumSchema(draft.api, field.enum, kinds) : scalarSchema(field.scalar, mapped)
      return {
        schema,
        refusesAbsence: !field.proto.proto3Optional && (mapped.refusesZero || zeroRefused(draft.api, field, kinds)),
      }
    }
    case 'message':
      return { schema: messageSchema(draft, field, field.message, kinds), refusesAbsence: required }
    case 'list':
      return listSchema(draft, field, kinds)
    case 'map':
      return mapSchema(draft, field, kinds)
  }
}

function demands(rules: unknown): boolean {
  return typeof rules === 'object' && rules !== null && 'required' in rules && rules.required === true
}

function listSchema(draft: Draft, field: DescField & { fieldKind: 'list' }, rules: JsonObject): ValueSchema {
  const { items: itemRules, minItems, maxItems, ...rest } = rulesOf(rules, 'repeated')
  if (Object.keys(rest).length > 0) throw new UnmappedRule(`repeated ${JSON.stringify(rest)}`)
  const { message: _, ...kinds } = isRules(itemRules) ? itemRules : {}
  const items =
    field.listKind === 'scalar'
      ? scalarSchema(field.scalar, mapRules(kinds))
      : field.listKind === 'enum'
        ? enumSchema(draft.api, field.enum, kinds)
        : messageSchema(draft, field, field.message, kinds)
  return {
    schema: {
      type: 'array',
      items,
      ...(minItems === undefined ? {} : { minItems: Number(minItems) }),
      ...(maxItems === undefined ? {} : { maxItems: Number(maxItems) }),
    },
    refusesAbsence: Number(minItems ?? 0) > 0,
  }
}

function mapSchema(draft: Draft, field: DescField & { fieldKind: 'map' }, rules: JsonObject): ValueSchema {
  const { keys, values, minPairs, ...rest } = rulesOf(rules, 'map')
  if (Object.keys(rest).length > 0) throw new UnmappedRule(`map ${JSON.stringify(rest)}`)
  const valueRules = isRules(values) ? values : {}
  const additionalProperties =
    field.mapKind === 'scalar'
      ? scalarSchema(field.scalar, mapRules(valueRules))
      : field.mapKind === 'enum'
        ? enumSchema(draft.api, field.enum, valueRules)
        : messageSchema(draft, field, field.message, valueRules)
  const propertyNames = keySchema(field.mapKey, isRules(keys) ? keys : {})
  return {
    schema: {
      type: 'object',
      additionalProperties,
      ...(propertyNames === undefined ? {} : { propertyNames }),
      ...(minPairs === undefined ? {} : { minProperties: Number(minPairs) }),
    },
    refusesAbsence: Number(minPairs ?? 0) > 0,
  }
}

function messageSchema(draft: Draft, field: DescField, message: DescMessage, rules: JsonObject): Schema {
  const name = message.typeName
  const wrapped = WRAPPERS[name]
  if (wrapped !== undefined) return scalarSchema(wrapped, mapRules(rules))
  if (name === 'google.protobuf.Duration') return { ...DURATION, ...mapRules(rules).keywords }
  if (Object.keys(rules).length > 0) throw new UnmappedRule(`${name} with ${JSON.stringify(rules)}`)
  if (name === 'google.protobuf.Timestamp') return TIMESTAMP
  if (name === 'google.protobuf.Empty') return { type: 'object', additionalProperties: false }
  if (name === 'google.protobuf.Struct') return { type: 'object' }
  if (name === 'google.protobuf.Value') return true
  if (name === 'google.protobuf.ListValue') return { type: 'array' }
  const slot = `${field.parent.typeName}.${field.name}`
  if (name === 'google.protobuf.Any' || isExtensionConfig(name)) return slotSchema(draft, slot, isExtensionConfig(name))
  define(draft, message)
  // Where the same message stands in an Any, its definition knows `@type`; as a plain field it has none.
  return { $ref: reference(name), ...(draft.anyTypes.has(name) ? { properties: { '@type': false } } : {}) }
}

function slotSchema(draft: Draft, slot: string, isExtension: boolean): Schema {
  const category = draft.roots.slots[slot]
  if (category === undefined) draft.undecidedSlots.push(slot)
  if (category === undefined || category === 'closed') return { refused: 'Meltemi does not know what may stand here' }
  return { $ref: isExtension ? extensionReference(category) : anyReference(category) }
}
