import { current, type Diagnostic, type Diagnostics, error } from './diagnostic.ts'
import { typeName } from './fields.ts'
import { below, type Place } from './object.ts'
import type { SchemaError, SchemaValidator } from './schema-validator.ts'
import { fieldHint } from './suggest.ts'

/**
 * What a closed-world schema finds in something that people write: one error for each violation, at its own path.
 * `alsoKnown`: top-level fields that stand beside the schema's own, for suggestions.
 *
 * Values are quoted, but for two kinds. What stands where a map or a list belongs may hold more than one field's value, and is
 * named by its type. What breaks a schema that says `writeOnly` (JSON Schema's word for a password) is not shown at all, nor
 * are the names of fields that such a map has and should not: a password in the wrong place is still a password.
 */
export function schemaDiagnostics(
  value: unknown,
  schema: SchemaValidator,
  place: Place,
  alsoKnown: readonly string[] = [],
): Diagnostics {
  if (schema(value)) return []
  return (schema.errors ?? [])
    .filter(({ keyword }) => keyword !== 'if')
    .map((violation) => fromViolation(violation, place, violation.instancePath === '' ? alsoKnown : []))
}

function fromViolation(violation: SchemaError, root: Place, alsoKnown: readonly string[]): Diagnostic {
  const place = steps(violation.instancePath).reduce<Place>((path, step) => below(path, step), root)
  const { params, data, parentSchema } = violation
  const isSecret = parentSchema?.writeOnly === true
  const shown = isSecret ? { text: '', values: {} } : { text: not(data), values: current(data) }
  switch (violation.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = String(params.additionalProperty ?? params.unevaluatedProperty)
      const known = [...Object.keys(knownFields(violation)), ...alsoKnown]
      return isSecret
        ? error(place, `has a field that is not known: ${fieldHint(name, known)}`)
        : unknownField(below(place, name), name, known)
    }
    case 'required':
      return error(place, `must have the field \`${String(params.missingProperty)}\``)
    case 'enum':
      return error(place, `must be one of ${list(params.allowedValues)}${shown.text}`, shown.values)
    case 'type': {
      const message = `must be ${wanted(params.type)}, not ${typeName(data)}`
      return error(place, message, isStructure(params.type) ? {} : shown.values)
    }
    case 'maxProperties':
      return isSecret || params.limit !== 1
        ? error(place, `must have at most ${String(params.limit)} fields`)
        : error(place, `must have one of ${list(Object.keys(knownFields(violation)))} only`)
    case 'minItems':
    case 'minProperties':
      return error(place, 'must not be empty')
    default:
      return error(place, `${violation.message ?? 'breaks its schema'}${shown.text}`, shown.values)
  }
}

function isStructure(types: unknown): boolean {
  return [types].flat().every((type) => type === 'object' || type === 'array')
}

/** A key that does not exist, with the nearest ones that do. */
export function unknownField(place: Place, name: string, known: readonly string[]): Diagnostic {
  return error(place, `\`${name}\` is not a known field: ${fieldHint(name, known)}`)
}

function knownFields({ parentSchema }: SchemaError): object {
  const properties = parentSchema?.properties
  return typeof properties === 'object' && properties !== null ? properties : {}
}

/** The steps of a JSON pointer; list indices as numbers. */
function steps(pointer: string): readonly (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}

function list(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => `\`${String(value)}\``).join(', ') : `\`${String(values)}\``
}

/** Types of JSON schema in the words of people who write YAML. */
function wanted(types: unknown): string {
  const names = (Array.isArray(types) ? types : [types]).map((type) => TYPES[String(type)] ?? `a ${String(type)}`)
  return names.join(' or ')
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a map',
  integer: 'an integer',
  null: 'null',
}

/** The value in a message, where it is short enough to be one. */
function not(data: unknown): string {
  const isShown = typeof data === 'string' ? data.length <= 80 : typeof data === 'number' || typeof data === 'boolean'
  return isShown ? `, not ${JSON.stringify(data)}` : ''
}
