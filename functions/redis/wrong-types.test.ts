import { isDeepStrictEqual } from 'node:util'
import { type RouteRow, resultOf } from 'meltemi'
import { subjectOf } from 'meltemi/testing'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import redis from './index.ts'
import type { RedisContext } from './prepared.ts'

/**
 * A value of a wrong type, at a place that holds a password or around one, may be the password. Nothing shows it: the item
 * leaves as it came, and it is in no result, on no line of stderr, in no filter and in no row of the route table.
 */
const MARKER = 'hunter2'
const NUMBER = 734912345678

const rows: RouteRow[] = []
const { run } = subjectOf({
  ...redis,
  outbound: (listener, context: RedisContext) => {
    const plan = redis.outbound(listener, context)
    rows.push(...(resultOf(plan)?.rows() ?? []))
    return plan
  },
})

/** What stands where something else belongs. */
const WRONG: readonly unknown[] = [
  MARKER,
  `password: ${MARKER}\nusername: app\n`,
  `${'x'.repeat(100)}${MARKER}`,
  NUMBER,
  [MARKER],
  [NUMBER],
  { x: MARKER },
  { x: [{ y: { z: MARKER } }] },
  [[{ password: MARKER }]],
]

/** A password as the name of a field, where the fields are those of a password. */
const NAMES: readonly unknown[] = [{ [MARKER]: null }, { [MARKER]: { x: 1 } }, { passwort: MARKER, [MARKER]: MARKER }]

type Path = readonly string[]

/** Every step on the way to a place. */
function steps(path: Path): readonly Path[] {
  return path.map((_, i) => path.slice(0, i + 1))
}

/** At and around each field that `auth` has. */
function around(auth: Path): readonly Path[] {
  const leaves = ['plain.password', 'plain.username', 'secret.name', 'secret.passwordField', 'secret.usernameField']
  const all = leaves.flatMap((leaf) => steps([...auth, ...leaf.split('.')]))
  return [...new Map(all.map((path) => [path.join('.'), path])).values()]
}

/** A string where one belongs is a password, which the filter holds, or the name of a Secret or of its field. */
function isRight(path: Path, value: unknown): boolean {
  if (typeof value !== 'string' || path.length < 2) return false
  return path.at(-2) === 'plain' || (path.at(-2) === 'secret' && /^\w+$/.test(value))
}

function put(value: unknown, [step, ...rest]: Path, by: unknown): unknown {
  if (step === undefined) return by
  const fields: Readonly<Record<string, unknown>> = typeof value === 'object' ? { ...value } : {}
  return { ...fields, [step]: put(fields[step], rest, by) }
}

function object(apiVersion: string, kind: string, fields: object): object {
  return { apiVersion, kind, metadata: { name: 'cache', namespace: 'shop' }, ...fields }
}

const AERAKI = 'redis.aeraki.io/v1alpha1'
const objects = {
  service: object('v1', 'Service', {
    spec: { clusterIP: '10.96.0.1', selector: { app: 'cache' }, ports: [{ name: 'tcp-redis', port: 6379 }] },
  }),
  redisService: object(AERAKI, 'RedisService', { spec: { host: ['cache'] } }),
  redisDestination: object(AERAKI, 'RedisDestination', { spec: { host: 'cache' } }),
  secret: object('v1', 'Secret', { stringData: { password: 'right' } }),
  functionConfig: { apiVersion: 'meltemi.dev/v1alpha1', kind: 'Redis', metadata: { name: 'redis' } },
  configMap: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'redis' } },
}

interface Input {
  readonly items: readonly unknown[]
  readonly functionConfig?: unknown
}

/** All that a function says, but what it was told. */
async function said({ items, functionConfig }: Input): Promise<string> {
  rows.length = 0
  const list = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items, functionConfig }
  const { output, messages } = await run(JSON.stringify(list))
  const { items: left = [], functionConfig: _, ...rest } = parse(output ?? '')
  const added = left.filter((one: unknown) => !items.some((item) => isDeepStrictEqual(item, one)))
  expect(left.length - added.length).toBe(items.length)
  return JSON.stringify([added, rest, messages, rows])
}

async function silence(input: Input): Promise<void> {
  const text = await said(input)
  expect(text).not.toContain(MARKER)
  expect(text).not.toContain(String(NUMBER))
}

const { service, redisService, redisDestination, secret, functionConfig, configMap } = objects
const CONNECTIONS = ['spec', 'trafficPolicy', 'connectionPool', 'redis', 'auth']

test('what is right is used, and a marker in a filter is seen', async () => {
  const auth = { plain: { password: MARKER } }
  const text = await said({ items: [service, put(redisService, ['spec', 'settings', 'auth'], auth)] })
  expect(text).toContain(`"inline_string":"${MARKER}"`)
})

describe.each([
  ['RedisService', redisService, around(['spec', 'settings', 'auth'])],
  ['RedisDestination', redisDestination, around(CONNECTIONS)],
] as const)('%s', (_, right, paths) => {
  test.each(paths.map((path) => [path.join('.'), path] as const))('%s', async (__, path) => {
    for (const value of [...WRONG, ...(path.includes('auth') ? NAMES : [])]) {
      if (isRight(path, value)) continue
      await silence({ items: [service, put(right, path, value)] })
    }
  })
})

test.each(['data', 'stringData', 'data.password', 'stringData.password', 'data.token', 'stringData.token'])(
  'Secret %s',
  async (path) => {
    const asks = put(redisService, ['spec', 'settings', 'auth', 'secret', 'name'], 'cache')
    for (const value of WRONG) {
      if (typeof value === 'string' && path.includes('.')) continue
      for (const secrets of ['file', 'inline', 'environment'])
        await silence({
          items: [service, asks, put(secret, path.split('.'), value)],
          functionConfig: put(functionConfig, ['spec', 'secrets'], secrets),
        })
    }
  },
)

test.each([
  'spec',
  ...around(['spec', 'auth']).map((path) => path.join('.')),
  ...around(['spec', 'settings', 'auth']).map((path) => path.join('.')),
  'spec.secrets',
  'spec.secrets.cache',
  'spec.secrets.cache.password',
])('functionConfig %s', async (path) => {
  for (const value of WRONG)
    await silence({ items: [service], functionConfig: put(functionConfig, path.split('.'), value) })
})

test.each(['data', 'data.auth', 'data.secrets', 'data.password'])('ConfigMap %s', async (path) => {
  for (const value of WRONG) await silence({ items: [service], functionConfig: put(configMap, path.split('.'), value) })
})
