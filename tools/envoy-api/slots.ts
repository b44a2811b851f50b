import { reference, type Schema, type SchemaObject, typeUrl } from '../../src/envoy/schema/schema.ts'
import type { Roots } from './roots.ts'

/** `google.protobuf.Any` of a category: told apart by `@type`. */
export function anyReference(category: string): string {
  return reference(`any:${category}`)
}

/** A TypedExtensionConfig whose `typed_config` is of a category. */
export function extensionReference(category: string): string {
  return reference(`extension:${category}`)
}

export function isExtensionConfig(message: string): boolean {
  return message === 'envoy.config.core.v3.TypedExtensionConfig' || message === 'xds.core.v3.TypedExtensionConfig'
}

/** Definitions of every category's Any, TypedStruct and TypedExtensionConfig. */
export function anyDefinitions(roots: Roots): Readonly<Record<string, Schema>> {
  const $defs: Record<string, Schema> = {}
  for (const [category, types] of Object.entries(roots.categories)) {
    const typed = !roots.untyped.includes(category)
    $defs[`any:${category}`] = anyOf(types, typed ? [{ $ref: reference(`struct:${category}`) }] : [])
    if (!typed) continue
    $defs[`struct:${category}`] = typedStruct(types)
    $defs[`extension:${category}`] = {
      type: 'object',
      // Both TypedExtensionConfig messages: `name` of at least one character, `typed_config` required.
      properties: { name: { type: 'string', minLength: 1 }, typed_config: { $ref: anyReference(category) } },
      additionalProperties: false,
      required: ['name', 'typed_config'],
    }
  }
  return $defs
}

function anyOf(types: readonly string[], more: readonly SchemaObject[]): SchemaObject {
  return {
    type: 'object',
    required: ['@type'],
    discriminator: { propertyName: '@type' },
    oneOf: [...types.map((type) => ({ $ref: reference(type) })), ...more],
  }
}

// Envoy unpacks a TypedStruct into the type that `type_url` names (Config::Utility::translateOpaqueConfig), so its
// `value` must be that message in JSON, which has no @type of its own.
function typedStruct(types: readonly string[]): SchemaObject {
  return {
    type: 'object',
    properties: {
      '@type': { enum: [typeUrl('udpa.type.v1.TypedStruct'), typeUrl('xds.type.v3.TypedStruct')] },
      type_url: { type: 'string' },
      value: { type: 'object' },
    },
    additionalProperties: false,
    required: ['@type', 'type_url'],
    discriminator: { propertyName: 'type_url' },
    oneOf: types.map((type) => ({
      properties: {
        type_url: { const: typeUrl(type) },
        value: { $ref: reference(type), properties: { '@type': false } },
      },
      required: ['value'],
    })),
  }
}

/** A message of protobuf's own inside an Any, where JSON puts it under `value`. */
export function wellKnownInAny(name: string): SchemaObject {
  const value: Readonly<Record<string, Schema>> = {
    'google.protobuf.StringValue': { type: 'string' },
    'google.protobuf.Struct': { type: 'object' },
  }
  const schema = value[name]
  if (schema === undefined) throw new Error(`${name}: no schema for its form in an Any`)
  return {
    type: 'object',
    properties: { '@type': { const: typeUrl(name) }, value: schema },
    additionalProperties: false,
    required: ['@type', 'value'],
  }
}
