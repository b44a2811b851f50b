import { expect, test } from 'vitest'
import { at } from './object.ts'
import { schemaDiagnostics } from './schema-diagnostics.ts'
import type { SchemaError, SchemaValidator } from './schema-validator.ts'

const place = at({ ref: { apiVersion: 'v1', kind: 'A', name: 'a' }, item: 0 }, 'spec')

function said(error: Omit<SchemaError, 'instancePath'>) {
  const schema: SchemaValidator = Object.assign(() => false, { errors: [{ instancePath: '/a', ...error }] })
  const [diagnostic] = schemaDiagnostics({}, schema, place)
  return [diagnostic?.place?.path, diagnostic?.message, diagnostic?.currentValue]
}

const pattern = { keyword: 'pattern', message: 'must match pattern "^a$"', params: {}, data: 'hunter2' }

test('a value is quoted where a scalar belongs, and is named by its type where a map or a list does', () => {
  expect(said(pattern)).toEqual(['spec.a', 'must match pattern "^a$", not "hunter2"', 'hunter2'])
  for (const [type, current] of [
    ['string', 7],
    [['string', 'array'], 7],
    ['object', undefined],
    [['object', 'array'], undefined],
  ] as const)
    expect(said({ keyword: 'type', params: { type }, data: 7 })[2]).toBe(current)
})

test('what a schema calls writeOnly is not shown, nor are names in it that are not known', () => {
  const parentSchema = { writeOnly: true, properties: { password: {} } }
  expect(said({ ...pattern, parentSchema })).toEqual(['spec.a', 'must match pattern "^a$"', undefined])
  expect(said({ keyword: 'type', params: { type: 'string' }, data: 7, parentSchema })).toEqual([
    'spec.a',
    'must be a string, not a number',
    undefined,
  ])
  expect(said({ keyword: 'enum', params: { allowedValues: ['x'] }, data: 'hunter2', parentSchema })).toEqual([
    'spec.a',
    'must be one of `x`',
    undefined,
  ])
  const unknown = { keyword: 'additionalProperties', params: { additionalProperty: 'passwort' } }
  expect(said({ ...unknown, parentSchema })).toEqual([
    'spec.a',
    'has a field that is not known: did you mean `password`?',
    undefined,
  ])
  expect(said({ ...unknown, parentSchema: { properties: { password: {} } } })).toEqual([
    'spec.a.passwort',
    '`passwort` is not a known field: did you mean `password`?',
    undefined,
  ])
})

test('where one field is to be chosen, the choice is said', () => {
  const parentSchema = { maxProperties: 1, properties: { maglev: {}, ringHash: {} } }
  const violation = { keyword: 'maxProperties', params: { limit: 1 }, data: { maglev: {}, ringHash: {} }, parentSchema }
  expect(said(violation)).toEqual(['spec.a', 'must have one of `maglev`, `ringHash` only', undefined])
  expect(said({ ...violation, params: { limit: 2 } })[1]).toBe('must have at most 2 fields')
})
