import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Schema, SchemaSet } from '../../src/envoy/schema/schema.ts'
import { generate, review } from '../../tools/envoy-api/generate.ts'
import { outputs } from '../../tools/envoy-api/outputs.ts'
import { projection } from '../../tools/envoy-api/projection.ts'
import { readMinors, readRoots } from '../../tools/envoy-api/roots.ts'
import { mapRules, UnmappedRule } from '../../tools/envoy-api/rules.ts'
import { readFullSchema, subset } from '../../tools/envoy-api/subset.ts'
import { addMinor } from '../../tools/envoy-api/union.ts'

const minors = readMinors()
const generated = generate(minors, readRoots())

test('committed files are what the descriptor sets say', () => {
  for (const [path, text] of outputs(minors, readRoots()))
    expect(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8') === text, path).toBe(true)
})

test('every rule of every minor is mapped, and every Any field is decided', () => {
  for (const { unmapped, undecidedSlots } of generated.byMinor.values())
    expect({ unmapped, undecidedSlots }).toEqual({ unmapped: [], undecidedSlots: [] })
})

test.each(minors)('the union loses nothing of Envoy $minor', ({ minor }) => {
  const own = generated.byMinor.get(minor)?.$defs ?? {}
  const union = projection(generated.set, minor)
  for (const name of Object.keys(own)) expect(normal(union[name]), name).toEqual(normal(own[name]))
})

/** Without deprecation, which is the newest minor's word, and without the order of keys. */
function normal(schema: Schema | undefined): unknown {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).filter(([key, inner]) => !(key === 'deprecated' && inner === true))
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, plain(inner)]))
  }
  return plain(schema)
}

test('the review of a minor names what is new in it', () => {
  const lines = review(generated, '1.39').map((line) => line.trim())
  expect(lines).toContain('envoy.extensions.filters.network.mongo_proxy.v3.MongoProxy.max_bson_depth')
  expect(lines).not.toContain('envoy.extensions.clusters.redis.v3.RedisClusterConfig.enable_zone_discovery')
})

describe('adding a minor', () => {
  const old: SchemaSet = {
    minors: ['1.1'],
    $defs: {
      M: {
        type: 'object',
        properties: { a: { type: 'string', minLength: 1 }, e: { type: 'string', enum: ['A'] } },
        additionalProperties: false,
        required: ['a'],
      },
    },
  }
  const M = (
    properties: Readonly<Record<string, Schema>>,
    required: readonly string[] = ['a'],
  ): Readonly<Record<string, Schema>> => ({
    M: { type: 'object', properties, additionalProperties: false, ...(required.length === 0 ? {} : { required }) },
  })
  const a: Schema = { type: 'string', minLength: 1 }
  const e: Schema = { type: 'string', enum: ['A'] }

  test('marks new fields and values', () => {
    const { $defs } = addMinor(old, '1.2', M({ a, e: { type: 'string', enum: ['A', 'B'] }, b: { type: 'boolean' } }))
    expect($defs.M).toMatchObject({ properties: { b: { since: '1.2' }, e: { enumSince: { B: '1.2' } } } })
  })

  test('keeps rules that are gone for the minors that have them', () => {
    const { $defs } = addMinor(old, '1.2', M({ a: { type: 'string' }, e }, []))
    expect($defs.M).toMatchObject({
      until: { '1.1': { required: ['a'] } },
      properties: { a: { until: { '1.1': { minLength: 1 } } } },
    })
  })

  test('keeps rules that are new or stricter for the minors that have them', () => {
    const { $defs } = addMinor(old, '1.2', M({ a: { ...a, minLength: 2, maxLength: 5 }, e }, ['a', 'e']))
    expect($defs.M).toMatchObject({
      required: ['a'],
      from: { '1.2': { required: ['e'] } },
      properties: { a: { minLength: 1, from: { '1.2': { minLength: 2, maxLength: 5 } } } },
    })
  })

  test('loses nothing, whatever came and went', () => {
    const first = M(
      { a: { ...a, minLength: 2 }, e: { type: 'string', enum: ['A', 'B'] }, b: { type: 'integer', minimum: 0 } },
      ['a', 'e'],
    )
    const second = M(
      {
        a: { ...a, minLength: 2 },
        e: { type: 'string', enum: ['A', 'B', 'C'] },
        b: { type: 'integer', exclusiveMinimum: 0 },
      },
      ['e'],
    )
    const third = M(
      {
        a: { ...a, minLength: 2 },
        e: { type: 'string', enum: ['A', 'B', 'C', 'D'] },
        b: { type: 'integer', exclusiveMinimum: 0 },
        c: { refused: 'x' },
      },
      ['e'],
    )
    const set = addMinor(addMinor(addMinor(old, '1.2', first), '1.3', second), '1.4', third)
    const each = { '1.1': old.$defs, '1.2': first, '1.3': second, '1.4': third }
    for (const [minor, own] of Object.entries(each))
      expect(normal(projection(set, minor).M), minor).toEqual(normal(own.M))
  })

  test('stops for a person when a rule changes a second time', () => {
    const once = addMinor(old, '1.2', M({ a: { ...a, minLength: 2 }, e }))
    expect(() => addMinor(once, '1.3', M({ a: { ...a, minLength: 3 }, e }))).toThrow(/minLength was 2 and is 3/)
  })

  test.each<[string, Readonly<Record<string, Schema>>, RegExp]>([
    ['a field that is gone', M({ a }), /the field e is gone/],
    ['a value that is gone', M({ a, e: { type: 'string', enum: ['B'] } }), /values gone: A/],
    ['a type that changed', M({ a: { type: 'integer' }, e }), /type was/],
    ['a message that is gone', {}, /M is gone/],
  ])('stops for a person at %s', (_, newer, message) => {
    expect(() => addMinor(old, '1.2', newer)).toThrow(message)
  })
})

test('a rule that has no mapping is an error', () => {
  expect(() => mapRules({ string: { email: true } })).toThrow(UnmappedRule)
  expect(() => mapRules({ uint32: { in: [1, 2] } })).toThrow(UnmappedRule)
  expect(() => mapRules({ timestamp: { ltNow: true } })).toThrow(UnmappedRule)
})

describe('subsets', () => {
  const NETWORK = 'envoy.extensions.filters.network'
  const full = readFullSchema()

  test('hold what is reached and no other type', () => {
    const { $defs } = subset(full, { [`${NETWORK}.mongo_proxy.v3.MongoProxy`]: true })
    expect(Object.keys($defs)).toContain('envoy.extensions.filters.common.fault.v3.FaultDelay')
    expect(Object.keys($defs).filter((name) => /thrift|redis|dubbo/.test(name))).toEqual([])
    expect($defs['any:network-filter']).toMatchObject({
      oneOf: [{ $ref: `#/$defs/${NETWORK}.mongo_proxy.v3.MongoProxy` }, { $ref: '#/$defs/struct:network-filter' }],
    })
  })

  test('hold only the fields named', () => {
    const { $defs } = subset(full, { 'envoy.config.cluster.v3.Cluster': ['name', 'lb_policy'] })
    expect($defs['envoy.config.cluster.v3.Cluster']).toMatchObject({ properties: { name: {}, lb_policy: {} } })
    expect(Object.keys($defs).length).toBeLessThan(10)
  })

  test('of what does not exist are errors', () => {
    expect(() => subset(full, { 'a.B': true })).toThrow('a.B is no root')
    expect(() => subset(full, { 'envoy.config.cluster.v3.Cluster': ['nmae'] })).toThrow('has no field nmae')
  })
})
