import { subjectOf } from 'meltemi/testing'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import redis from './index.ts'

/** Small lists that are wrong in one way each, beside the golden cases. */
const { run } = subjectOf(redis)

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'cache', namespace: 'shop' },
  spec: { clusterIP: '10.96.0.1', selector: { app: 'cache' }, ports: [{ name: 'tcp-redis', port: 6379 }] },
}

function named(apiVersion: string, kind: string, fields: object, name = 'cache') {
  return { apiVersion, kind, metadata: { name, namespace: 'shop' }, ...fields }
}

function redisService(spec: object, name?: string) {
  return named('redis.aeraki.io/v1alpha1', 'RedisService', { spec: { host: ['cache'], ...spec } }, name)
}

async function render(items: readonly object[], spec: object = {}) {
  const functionConfig = { apiVersion: 'meltemi.dev/v1alpha1', kind: 'Redis', metadata: { name: 'redis' }, spec }
  const list = {
    apiVersion: 'config.kubernetes.io/v1',
    kind: 'ResourceList',
    items: [service, ...items],
    functionConfig,
  }
  const { output } = await run(JSON.stringify(list))
  const { items: left, results = [] } = parse(output ?? '')
  const messages: readonly string[] = results
    .filter(({ severity }: { readonly severity: string }) => severity === 'error')
    .map(({ field, message }: Result) => `${field?.path}: ${message}`)
  const filters = left.filter(({ kind }: { readonly kind: string }) => kind === 'EnvoyFilter')
  return { messages, filters: filters.length }
}

interface Result {
  readonly message: string
  readonly field?: { readonly path: string }
}

test('of many RedisServices for one host each names two, so that the results do not grow with the square', async () => {
  const { messages } = await render(Array.from({ length: 5 }, (_, i) => redisService({}, `r${i}`)))
  expect(messages).toHaveLength(5)
  expect(messages[0]).toContain('RedisService shop/r0, RedisService shop/r1 and 3 more do; merge them')
})

const keys = (...prefixes: readonly string[]) =>
  prefixes.map((prefix) => ({ match: { key: { prefix } }, route: { host: 'cache' } }))

test.each([
  [['a', 'A'], 1],
  [['\u00c9', '\u00e9'], 0],
  [['\u212a', 'k'], 0],
])('without case, %j are %i too many: Envoy folds ASCII alone', async (prefixes, faults) => {
  const settings = { caseInsensitive: true }
  const { messages, filters } = await render([redisService({ settings, redis: keys(...prefixes) })])
  expect(messages).toHaveLength(faults)
  expect(filters).toBe(1 - faults)
})

describe('a Secret of the list', () => {
  const secret = (fields: object) => named('v1', 'Secret', fields, 'pw')
  const asks = redisService({ settings: { auth: { secret: { name: 'pw' } } } })

  test.each(['file', 'inline', 'environment'])('is held to what Kubernetes takes: %s', async (secrets) => {
    for (const [fields, message] of [
      [{ data: { password: 'not base64' } }, 'data.password: must be base64'],
      [{ data: { password: 'Y2FuYXJ' } }, 'data.password: must be base64'],
      [{ data: { password: '//79' } }, 'data.password: must be base64 of text'],
      [{ data: { password: 7 } }, 'data.password: must be a string'],
      [{ stringData: { password: 7 }, data: { password: 'Y2FuYXJ5' } }, 'stringData.password: must be a string'],
    ] as const) {
      const { messages, filters } = await render([asks, secret(fields)], { secrets })
      expect(messages).toEqual([expect.stringContaining(message)])
      expect(filters).toBe(0)
    }
  })

  test('may have line breaks in its base64', async () => {
    expect(await render([asks, secret({ data: { password: 'Y2Fu\nYXJ5\n' } })])).toEqual({ messages: [], filters: 1 })
  })
})

test.each([
  [{ password: 'canary\n' }, 'password'],
  [{ password: 'canary', username: ' user' }, 'username'],
])('a password that nobody can say: %j', async (plain, field) => {
  const { messages, filters } = await render([redisService({ settings: { auth: { plain } } })])
  expect(messages).toEqual([expect.stringContaining(`auth.plain.${field}: must not begin or end with white space`)])
  expect(filters).toBe(0)
})

test('a headless Service gets no filter, so its Redis Cluster is nowhere and no key can go there', async () => {
  const spec = { clusterIP: 'None', selector: { app: 'node' }, ports: [{ name: 'tcp-redis', port: 6379 }] }
  const nodes = named('v1', 'Service', { spec }, 'nodes')
  const trafficPolicy = { connectionPool: { redis: { mode: 'CLUSTER' } } }
  const cluster = named(
    'redis.aeraki.io/v1alpha1',
    'RedisDestination',
    { spec: { host: 'nodes', trafficPolicy } },
    'nodes',
  )
  const { messages, filters } = await render([nodes, cluster, redisService({ redis: [{ route: { host: 'nodes' } }] })])
  expect(messages).toContainEqual(
    expect.stringContaining('cannot be sent to: nodes.shop.svc.cluster.local:6379 has no endpoints'),
  )
  expect(filters).toBe(0)
})

test.each([
  ['a Redis Cluster', { connectionPool: { redis: { mode: 'CLUSTER' } } }],
  ['one that must be sharded', { loadBalancer: { maglev: {} } }],
])('no key goes to a service without a filter of its own, if that makes its cluster: %s', async (_, trafficPolicy) => {
  const spec = { clusterIP: '10.96.0.2', selector: { app: 'mid' }, ports: [{ name: 'tcp-redis', port: 6379 }] }
  const mid = [
    named('v1', 'Service', { spec }, 'mid'),
    named('redis.aeraki.io/v1alpha1', 'RedisDestination', { spec: { host: 'mid', trafficPolicy } }, 'mid'),
  ]
  const to = (host: string) => ({ redis: [{ route: { host } }] })
  const toMid = redisService(to('mid'))
  expect((await render([...mid, toMid, redisService({ host: ['mid'], ...to('cache') }, 'mid')])).filters).toBe(2)
  const broken = redisService({ host: ['mid'], ...to('nowhere') }, 'mid')
  const { messages, filters } = await render([...mid, toMid, broken])
  expect(messages).toContainEqual(expect.stringContaining('cannot be sent to: it is the filter of mid.shop'))
  expect(filters).toBe(0)
})

test.each([
  [{}, 0],
  [{ tableSize: 100 }, 0],
  [{ tableSize: 65537 }, 1],
])('a DestinationRule with maglev: %j', async (maglev, filters) => {
  const loadBalancer = { consistentHash: { useSourceIp: true, maglev } }
  const rule = named('networking.istio.io/v1', 'DestinationRule', {
    spec: { host: 'cache', trafficPolicy: { loadBalancer } },
  })
  const made = await render([rule, redisService({})])
  expect(made.filters).toBe(filters)
  expect(made.messages.filter((text) => text.includes('must be a prime number'))).toHaveLength(1 - filters)
})

test.each([
  ['user:%KEY%', true],
  ['%KEY%:%KEY%', true],
  ['100%%:%KEY%', true],
  ['%%%KEY%%%', true],
  ['%HOSTNAME%:%ENVIRONMENT(REGION)%:%KEY%', true],
  ['%DOWNSTREAM_LOCAL_PORT%:%DOWNSTREAM_PEER_URI_SAN%:%REQUESTED_SERVER_NAME%:%KEY%', true],
  ['user', false],
  ['%UNIQUE_ID%:%KEY%', false],
  ['100%:%KEY%', false],
  ['%%KEY%%', false],
  ['%KEY%:%%KEY%%', false],
  ['%KEY%%NOSUCH%', false],
  ['%KEY%%REQ%', false],
  ['%KEY%%REQ(x)%', false],
  ['%KEY%%ENVIRONMENT%', false],
  ['%KEY:2%', false],
])('keyFormatter %j: the key must be found again, and Envoy live', async (keyFormatter, isRight) => {
  const { messages, filters } = await render([redisService({ redis: [{ route: { host: 'cache' }, keyFormatter }] })])
  expect(filters).toBe(isRight ? 1 : 0)
  expect(messages).toEqual(isRight ? [] : [expect.stringContaining('redis[0].keyFormatter: must contain `%KEY%`')])
})

test.each([
  [{ secret: { name: 'Canary!' } }, 'auth.secret.name: must match pattern'],
  [{ secret: { name: 'pw', passwordField: 'Canary!' } }, 'auth.secret.passwordField: must match pattern'],
])('a password in place of a name is not quoted: %j', async (auth, message) => {
  const { messages } = await render([redisService({ settings: { auth } })])
  expect(messages).toEqual([expect.stringContaining(message)])
  expect(messages.join()).not.toContain('Canary')
})

test.each(['passwordField', 'usernameField'])('a password in place of %s is not quoted either', async (field) => {
  const secret = named('v1', 'Secret', { stringData: { password: 'right' } }, 'pw')
  const auth = { secret: { name: 'pw', [field]: 'Canary' } }
  const { messages } = await render([redisService({ settings: { auth } }), secret])
  expect(messages).toEqual([expect.stringContaining(`auth.secret.${field}: Secret shop/pw must have the field`)])
  expect(messages.join()).not.toContain('Canary')
})

test('two load balancers are one too many, and it is said which there are', async () => {
  const loadBalancer = { maglev: {}, ringHash: {} }
  const spec = { host: 'cache', trafficPolicy: { loadBalancer } }
  const { messages } = await render([named('redis.aeraki.io/v1alpha1', 'RedisDestination', { spec })])
  expect(messages).toEqual(['spec.trafficPolicy.loadBalancer: must have one of `maglev`, `ringHash` only'])
})

test('a time-out of more than Envoy takes is an error of the RedisService', async () => {
  const { messages, filters } = await render([redisService({ settings: { opTimeout: '999999999h' } })])
  expect(messages).toEqual([
    expect.stringMatching(/^spec\.settings\.opTimeout: must be a duration above zero and below a/),
  ])
  expect(filters).toBe(0)
})
