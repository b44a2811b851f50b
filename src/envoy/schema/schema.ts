/**
 * The part of JSON Schema 2020-12 that `schemas/envoy/envoy.schema.json` is written in, and keywords of its own:
 * `oneofs`, `duration` and `maxBytes` say rules that JSON Schema cannot; `since`, `enumSince`, `until` and `from` say on which
 * Envoy minors a thing holds; `refused` closes a field that the API has and Envoy does not implement.
 */
export type Schema = boolean | SchemaObject

export type JsonType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'

export interface SchemaObject {
  readonly $ref?: string
  readonly type?: JsonType | readonly JsonType[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
  readonly propertyNames?: SchemaObject
  readonly required?: readonly string[]
  readonly minProperties?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly enum?: readonly string[]
  readonly const?: string | boolean
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  /** Alternatives told apart by the constant that `discriminator` names. */
  readonly oneOf?: readonly SchemaObject[]
  readonly discriminator?: { readonly propertyName: string }
  readonly deprecated?: true
  /** Holds a secret, as Envoy's `udpa.annotations.sensitive` says: no message quotes it, nor anything inside. */
  readonly writeOnly?: true

  /** protobuf `oneof`s: at most one of `fields`, or exactly one. */
  readonly oneofs?: readonly Oneof[]
  /** Bounds in seconds of a `google.protobuf.Duration`, whose text `pattern` describes. */
  readonly duration?: DurationBounds
  /** Greatest length in UTF-8 bytes. */
  readonly maxBytes?: number
  /** The first Envoy minor that has the field or the alternative; absent where all have it. */
  readonly since?: string
  /** The same for values of `enum`. */
  readonly enumSince?: Readonly<Record<string, string>>
  /** Rules that hold up to and including a minor, by that minor. */
  readonly until?: Readonly<Record<string, SchemaObject>>
  /** Rules that hold from a minor on, by that minor. */
  readonly from?: Readonly<Record<string, SchemaObject>>
  /** Why a field that the API has must not be used. */
  readonly refused?: string
}

export interface Oneof {
  readonly name: string
  readonly fields: readonly string[]
  readonly required?: true
}

export interface DurationBounds {
  readonly gt?: number
  readonly gte?: number
  readonly lt?: number
  readonly lte?: number
}

/** Definitions by protobuf message name, for the minors that they were made from, oldest first. */
export interface SchemaSet {
  readonly minors: readonly string[]
  readonly $defs: Readonly<Record<string, Schema>>
}

/** The type that an `@type` or `type_url` names: what follows its last slash. */
export function typeName(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1)
}

/** The `@type` of a message: its full name behind `type.googleapis.com/`. */
export function typeUrl(name: string): string {
  return `type.googleapis.com/${name}`
}

/** The `$ref` of a definition. */
export function reference(name: string): string {
  return `#/$defs/${name}`
}

/** The definition that a `$ref` names. */
export function referenced(ref: string): string {
  return ref.slice('#/$defs/'.length)
}
