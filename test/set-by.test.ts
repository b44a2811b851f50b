import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readGolden } from 'meltemi/testing'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { root } from '../scripts/functions.ts'
import { walk } from '../src/envoy/schema/walk.ts'
import { readSetBy } from '../tools/envoy-api/docs.ts'
import { readFullSchema, type SubsetRoots } from '../tools/envoy-api/subset.ts'

/** The "set by" column of docs/envoy says of each field of Redis' messages what sets it: all that golden cases hold, and no more. */
const set = readFullSchema()
const folder = join(root, 'functions/redis')
const declared: SubsetRoots = JSON.parse(readFileSync(join(folder, 'envoy.json'), 'utf8'))

/** Messages that other functions set fields of, too. */
const SHARED = ['envoy.config.cluster.v3.Cluster']
/** What every filter is. */
const PLAIN = ['envoy.config.listener.v3.Filter']

function isOfRedis(message: string): boolean {
  if (PLAIN.includes(message)) return false
  return message.startsWith('envoy.extensions.filters.network.redis_proxy.') || declared[message] !== undefined
}

interface Patch {
  readonly applyTo: string
  readonly patch: { readonly value?: { readonly typed_config?: unknown } }
}

function fieldsOf({ applyTo, patch: { value } }: Patch): readonly string[] {
  const fields: string[] = []
  const [definition, config] =
    applyTo === 'CLUSTER'
      ? ['envoy.config.cluster.v3.Cluster', value ?? {}]
      : ['any:network-filter', value?.typed_config]
  const { minors } = set
  walk(set, definition, config, { path: '', minors, range: minors, partial: true }, (message, found) => {
    const own = Object.keys(found).filter((name) => name !== '@type')
    if (isOfRedis(message)) fields.push(...own.map((name) => `${message}.${name}`))
    return []
  })
  return fields
}

const emitted = new Set(
  readGolden(folder)
    .cases.flatMap(({ output = '' }) => parse(output).items)
    .filter(({ kind }: { readonly kind: string }) => kind === 'EnvoyFilter')
    .flatMap(({ spec }: { readonly spec: { readonly configPatches: readonly Patch[] } }) => spec.configPatches)
    .flatMap(fieldsOf),
)

function messageOf(field: string): string {
  return field.slice(0, field.lastIndexOf('.'))
}

test('golden cases hold every field that the function declares', () => {
  const fields = Object.entries(declared)
    .filter(([message]) => isOfRedis(message))
    .flatMap(([message, names]) => (names === true ? allFields(message) : names).map((name) => `${message}.${name}`))
  expect(fields.filter((field) => !emitted.has(field))).toEqual([])
})

function allFields(message: string): readonly string[] {
  const schema = set.$defs[message]
  return typeof schema === 'object' ? Object.keys(schema.properties ?? {}).filter((name) => name !== '@type') : []
}

test('every field of Redis that golden cases set has its cause', () => {
  const said = readSetBy()
  expect([...emitted].filter((field) => said[field] === undefined).sort()).toEqual([])
})

test('every field of Redis that has a cause is set in some golden case', () => {
  const said = Object.keys(readSetBy()).filter((field) => isOfRedis(messageOf(field)))
  expect(said.filter((field) => !emitted.has(field) && !SHARED.includes(messageOf(field)))).toEqual([])
})
