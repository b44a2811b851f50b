import { subjectOf } from 'meltemi/testing'
import { expect, test } from 'vitest'
import redis from './index.ts'

/**
 * Objects whose words do not hold: they stand twice, their metadata is refused, they are no YAML. What they ask for, a
 * password, is not dropped: the hosts that they may speak for get no filter. `free` and `far` (of another namespace) are others.
 */
const { run } = subjectOf(redis)

const HOSTS = ['cache', 'sessions', 'free']

function service(name: string, namespace: string, n: number): string {
  return `- apiVersion: v1
  kind: Service
  metadata: {name: ${name}, namespace: ${namespace}}
  spec: {clusterIP: 10.96.0.${n}, selector: {app: ${name}}, ports: [{name: tcp-redis, port: 6379}]}
`
}

const KINDS = {
  RedisService: (host: string) => `{host: [${host}], settings: {auth: {plain: {password: canary}}}}`,
  RedisDestination: (host: string) =>
    `{host: ${host}, trafficPolicy: {connectionPool: {redis: {auth: {plain: {password: canary}}}}}}`,
} as const

const METADATA = '{name: a, namespace: shop}'
const REFUSED = '{name: a, namespace: shop, labels: {a: 1}}'

interface Written {
  readonly head?: string
  readonly metadata?: string
  readonly spec?: string
}

/** The first field of `head` stands behind the dash. */
function object(kind: string, { head, metadata = METADATA, spec }: Written): string {
  return `- ${head ?? `apiVersion: redis.aeraki.io/v1alpha1\n  kind: ${kind}`}
  metadata: ${metadata}
${spec === undefined ? '' : `  spec: ${spec}\n`}`
}

async function render(items: string) {
  const services = [...HOSTS.map((name, i) => service(name, 'shop', i + 1)), service('far', 'far', 9)].join('')
  const { output, messages, exitCode } = await run(
    `apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig: {apiVersion: meltemi.dev/v1alpha1, kind: Redis, metadata: {name: redis}, spec: {sharding: maglev}}
items:
${services}${items}`,
  )
  const names = [...(output ?? '').matchAll(/^ +name: redis-outbound-(.*?)-\d/gm)].map(([, name = '']) => name)
  const served = [...HOSTS, 'far'].filter((host) => names.some((name) => name.startsWith(host)))
  return { served, messages, exitCode }
}

const kinds = Object.entries(KINDS)

test.each(kinds)('without any %s all are served', async (kind, spec) => {
  expect(await render('')).toMatchObject({ served: ['cache', 'sessions', 'free', 'far'], exitCode: 0 })
  const { served } = await render(object(kind, { spec: spec('cache') }))
  expect(served).toEqual(['cache', 'sessions', 'free', 'far'])
})

test.each(
  kinds.flatMap(([kind, spec]) => [
    {
      what: `a ${kind} that stands twice, for one host each`,
      items: object(kind, { spec: spec('cache') }) + object(kind, { spec: spec('sessions') }),
    },
    {
      what: `a ${kind} that stands twice, refused the first time`,
      items: object(kind, { metadata: REFUSED, spec: spec('cache') }) + object(kind, { spec: spec('sessions') }),
    },
    {
      what: `a ${kind} that stands twice, refused both times`,
      items:
        object(kind, { metadata: REFUSED, spec: spec('cache') }) +
        object(kind, { metadata: REFUSED, spec: spec('sessions') }),
    },
  ]),
)('$what: the hosts of both get no filter', async ({ items }) => {
  const { served, exitCode } = await render(items)
  expect(served).toEqual(['free', 'far'])
  expect(exitCode).toBe(1)
})

test.each(
  kinds.flatMap(([kind, spec]) =>
    [
      { what: 'refused metadata', metadata: REFUSED },
      { what: 'no name', metadata: '{namespace: shop}' },
      { what: 'no kind', head: 'apiVersion: redis.aeraki.io/v1alpha1' },
      { what: 'no apiVersion', head: `kind: ${kind}` },
    ].map((written) => ({
      what: `a ${kind} with ${written.what}`,
      items: object(kind, { spec: spec('cache'), ...written }),
    })),
  ),
)('$what: its host gets no filter', async ({ items }) => {
  const { served, exitCode } = await render(items)
  expect(served).toEqual(['sessions', 'free', 'far'])
  expect(exitCode).toBe(1)
})

test.each([
  ['RedisService', '{host: cache, settings: {auth: {plain: {password: canary}}}}'],
  ['RedisDestination', '{host: [cache]}'],
])('the host of a %s is found where it stands as in the other kind', async (kind, spec) => {
  const { served, exitCode } = await render(object(kind, { spec }))
  expect(served).toEqual(['sessions', 'free', 'far'])
  expect(exitCode).toBe(1)
})

test('nothing that happens to the clients of a filter is said of hosts that get none', async () => {
  const { messages } = await render(object('RedisService', { metadata: REFUSED, spec: KINDS.RedisService('cache') }))
  expect(messages).toContain('sessions.shop.svc.cluster.local:6379 go through redis_proxy because of')
  expect(messages).toContain('sessions.shop.svc.cluster.local:6379: KEYS, SCAN')
  expect(messages).not.toContain('cache.shop.svc.cluster.local:6379')
})

test.each([
  ['a route', '{host: [free], redis: [{route: {host: cache}}]}'],
  ['a mirror', '{host: [free], redis: [{route: {host: free}, mirror: [{route: {host: cache}}]}]}'],
  ['reads', '{host: [free], redis: [{route: {host: free}, readRoute: {host: cache}}]}'],
])('%s to servers whose RedisDestination is in error cost the filter: they may ask for a password', async (_, spec) => {
  const service = object('RedisService', { metadata: '{name: b, namespace: shop}', spec })
  const refused = object('RedisDestination', { metadata: REFUSED, spec: KINDS.RedisDestination('cache') })
  expect(await render(service)).toMatchObject({ served: ['cache', 'sessions', 'free', 'far'], exitCode: 0 })
  const { served, messages } = await render(service + refused)
  expect(served).toEqual(['sessions', 'far'])
  expect(messages).toContain(
    'cannot be sent to: cache.shop.svc.cluster.local may ask for a password or be a Redis Cluster, which is not known until the errors of its RedisDestination are mended',
  )
})

const BLOCK = '\n    name: a\n    namespace: shop'

test.each(
  kinds.flatMap(([kind]) => [
    { what: `a ${kind} that is no YAML`, items: object(kind, { metadata: BLOCK, spec: '{host: *nowhere}' }) },
    {
      what: `a ${kind} that is no YAML beside a sound one of its name`,
      items:
        object(kind, { metadata: BLOCK, spec: '{host: [far]}' }) +
        object(kind, { metadata: BLOCK, spec: '{host: *nowhere}' }),
    },
    { what: `a ${kind} without a spec`, items: object(kind, {}) },
    { what: `a ${kind} whose host is misspelt`, items: object(kind, { spec: '{hosts: cache}' }) },
    { what: `a ${kind} whose host is a number`, items: object(kind, { spec: '{host: 7}' }) },
    { what: `a ${kind} whose host is a URL`, items: object(kind, { spec: '{host: "redis://:canary@cache:6379"}' }) },
    { what: `a ${kind} without a name or a host`, items: object(kind, { metadata: '{namespace: shop}', spec: '{}' }) },
  ]),
)('$what: its namespace, of which any host may be its own, gets no filter, and that is said', async ({ items }) => {
  const { served, messages, exitCode } = await render(items)
  expect(served).toEqual(['far'])
  expect(messages).toContain(
    'speaks for hosts that cannot be read, so it may be any of namespace shop: none of them gets a filter until the errors of this object are mended',
  )
  expect(messages).not.toContain('canary')
  expect(exitCode).toBe(1)
})

test.each(
  kinds.flatMap(([kind, spec]) =>
    ['{name: a, namespace: 7}', '{name: a, namespace: [shop]}', '[a]', 'shop'].map((metadata) => [
      kind,
      metadata,
      object(kind, { metadata, spec: spec('cache') }),
    ]),
  ),
)('a %s with the metadata %s: no namespace gets a filter, and that is said', async (_, __, items) => {
  const { served, messages, exitCode } = await render(items)
  expect(served).toEqual([])
  expect(messages).toContain('speaks for hosts that cannot be read, so it may be any: none of them gets a filter')
  expect(exitCode).toBe(1)
})

test('an item of no known kind may be anything, and nothing is written', async () => {
  const { served, messages, exitCode } = await render(
    object('Whatever', { metadata: METADATA, spec: '{host: *nowhere}' }),
  )
  expect(served).toEqual([])
  expect(messages).toMatch(
    /`items\[4\]` is not YAML: line \d+ of the list: .*\. It may be anything, so nothing is written/,
  )
  expect(exitCode).toBe(1)
})

test('where a refused object names no host of its namespace, nothing is held back', async () => {
  const { served } = await render(
    object('RedisService', { metadata: REFUSED, spec: KINDS.RedisService('far.far.svc.cluster.local') }),
  )
  expect(served).toEqual(['cache', 'sessions', 'free', 'far'])
})
