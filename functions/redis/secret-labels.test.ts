import { describe, expect, test } from 'vitest'
import { destinationRule, named, of, redisService, rendered, service } from './small-lists.test-support.ts'

/** Which pods get a filter that needs a password of the sidecar's: those that say that they have it. */
const servers = (auth: object, host = 'cache', redis: object = {}): object =>
  named(
    'redis.aeraki.io/v1alpha1',
    'RedisDestination',
    { spec: { host, trafficPolicy: { connectionPool: { redis: { auth, ...redis } } } } },
    host,
  )
const secret = (name: string, fields: object = {}) => ({ secret: { name, ...fields } })
const label = (name: string) => `redis-secret.meltemi.dev/${name}`

/** The labels by the name of the Service that a filter is for; `undefined`: every pod. */
async function selectors(items: readonly object[], spec: object = {}) {
  const made = await rendered(items, spec)
  const filters: readonly Filter[] = JSON.parse(made.patches)
  const labels = filters.map(({ metadata, spec: { workloadSelector } }) => [
    /^redis-outbound-(.*)-6379-/.exec(metadata.name)?.[1],
    workloadSelector?.labels,
  ])
  return { labels: Object.fromEntries(labels), made }
}

interface Filter {
  readonly metadata: { readonly name: string }
  readonly spec: { readonly workloadSelector?: { readonly labels: Readonly<Record<string, string>> } }
}

test.each([
  ['a file', secret('s'), {}, { [label('s_password')]: 'file' }],
  [
    'a user name too',
    secret('s', { usernameField: 'user' }),
    {},
    { [label('s_password')]: 'file', [label('s_user')]: 'file' },
  ],
  ['one field for both', secret('s', { usernameField: 'password' }), {}, { [label('s_password')]: 'file' }],
  [
    'a folder of the user',
    secret('s'),
    { secretsDirectory: '/etc/redis' },
    { [label('s_password')]: expect.stringMatching(/^file-etc-redis-[0-9a-f]{8}$/) },
  ],
  ['a variable', secret('s'), { secrets: 'environment' }, { [label('s_password')]: 'environment' }],
  ['a password that is in the filter', { plain: { password: 'x' } }, {}, undefined],
])("the servers' password is %s", async (_, auth, spec, expected) => {
  for (const redis of [{}, { mode: 'CLUSTER', discoveryEndpoints: ['10.0.0.1'] }]) {
    const { labels } = await selectors([service('cache', 1), servers(auth, 'cache', redis)], spec)
    expect(labels).toEqual({ cache: expected })
  }
})

test('a Secret of the list has a user name though nobody asks for it', async () => {
  const listed = named('v1', 'Secret', { stringData: { token: 't', username: 'u' } }, 's')
  const items = [service('cache', 1), servers(secret('s')), listed]
  expect((await selectors(items)).labels).toEqual({
    cache: { [label('s_token')]: 'file', [label('s_username')]: 'file' },
  })
  expect((await selectors(items, { secrets: 'inline' })).labels).toEqual({ cache: undefined })
})

test('names that are too long are shortened, and stay apart', async () => {
  const names = ['a', 'b'].map((end) => `${'long.'.repeat(40)}${end}`)
  const keys: string[] = []
  for (const name of names) {
    const { labels } = await selectors([service('cache', 1), servers(secret(name))])
    keys.push(...Object.keys(labels.cache))
  }
  expect(new Set(keys).size).toBe(2)
  for (const key of keys) expect(key).toMatch(/^redis-secret\.meltemi\.dev\/[a-z0-9][-a-z0-9.]{0,61}[a-z0-9]$/)
})

test("the clients' password is asked for wherever the filter is", async () => {
  const { labels, made } = await selectors([service('cache', 1), redisService({ settings: { auth: secret('s') } })])
  expect(labels).toEqual({ cache: undefined })
  expect(of('RedisService', made)).toEqual([
    expect.stringContaining('keeps the listener that it has, WITHOUT the password check, until it restarts'),
  ])
})

describe('keys that go to servers with a password', () => {
  const hosts = [
    service('cache', 1),
    service('users', 2),
    service('carts', 3),
    servers(secret('u'), 'users'),
    servers(secret('c', { passwordField: 'word' }), 'carts'),
  ]
  const both = { [label('u_password')]: 'file', [label('c_word')]: 'file' }
  const to = (host: string) => ({ route: { host } })

  test.each([
    ['routes', [{ match: { key: { prefix: 'u:' } }, ...to('users') }, to('carts')]],
    ['reads', [{ ...to('users'), readRoute: { host: 'carts' } }]],
    ['mirrors', [{ ...to('cache'), mirror: [to('users'), to('carts')] }]],
  ])('by %s', async (_, redis) => {
    const { labels, made } = await selectors([...hosts, redisService({ redis })])
    expect(labels).toEqual({
      cache: both,
      users: { [label('u_password')]: 'file' },
      carts: { [label('c_word')]: 'file' },
    })
    expect(of('RedisService', made)).toEqual([
      "warning spec: only pods with `redis-secret.meltemi.dev/c_word: file`, `redis-secret.meltemi.dev/u_password: file` get the filter, as it leads to carts.shop.svc.cluster.local, users.shop.svc.cluster.local, whose password is one of the sidecar's: for other pods cache.shop.svc.cluster.local:6379 stays plain TCP, and their keys go to its own servers, whatever is routed",
    ])
  })

  test('by a VirtualService', async () => {
    const spec = { hosts: ['cache'], tcp: [{ route: [{ destination: { host: 'users' } }] }] }
    const { labels } = await selectors([...hosts, named('networking.istio.io/v1', 'VirtualService', { spec })])
    expect(labels.cache).toEqual({ [label('u_password')]: 'file' })
  })

  test('to a subset', async () => {
    const subsets = destinationRule({ host: 'users', subsets: [{ name: 'v1', labels: { v: '1' } }] })
    const { labels } = await selectors([
      ...hosts,
      subsets,
      redisService({ redis: [{ route: { host: 'users', subset: 'v1' } }] }),
    ])
    expect(labels.cache).toEqual({ [label('u_password')]: 'file' })
  })

  test('a mirror of nothing asks for none', async () => {
    const mirror = [{ ...to('users'), percentage: {} }]
    const { labels } = await selectors([...hosts, redisService({ redis: [{ ...to('cache'), mirror }] })])
    expect(labels.cache).toBeUndefined()
  })

  const guarded = redisService({ settings: { auth: { plain: { password: 'front' } } }, redis: [to('users')] })

  test("the clients' password would not be asked of the others: an error", async () => {
    const { labels, made } = await selectors([...hosts, guarded])
    expect(Object.keys(labels)).toEqual(['carts', 'users'])
    expect(of('RedisService', made)).toContainEqual(
      expect.stringMatching(
        /^error spec\.settings\.auth: cannot be asked of everybody: only pods with `\S+: file` get/,
      ),
    )
  })

  test.each([
    ['by a file', secret('own')],
    ['by a word', { plain: { password: 'x' } }],
  ])('unless the own servers ask for one themselves, %s', async (_, auth) => {
    const { labels } = await selectors([...hosts, guarded, servers(auth)])
    expect(labels.cache).toMatchObject({ [label('u_password')]: 'file' })
  })
})

test('what to write is said to be pasted, the keys named', async () => {
  const { made } = await selectors([service('cache', 1), servers(secret('s'))])
  const [said] = of('RedisDestination', made)
  expect(said).toContain('`redis-secret.meltemi.dev/s_password: file`')
  expect(said).toContain(
    `sidecar.istio.io/userVolume: '[{"name":"redis-s","secret":{"secretName":"s","items":[{"key":"password","path":"password"}]}}]'`,
  )
  expect(said).toContain('the sidecar then crashes')
})

test('a filter needs the labels of the filters whose clusters it uses, however far they are, and in a circle too', async () => {
  const to = (host: string, name: string) => redisService({ host: [name], redis: [{ route: { host } }] }, name)
  const items = [service('front', 1), service('cache', 2), service('users', 3)]
  const routes = [to('cache', 'front'), to('users', 'cache'), to('front', 'users')]
  const { labels } = await selectors([...items, ...routes, servers(secret('s'), 'users')])
  const all = { [label('s_password')]: 'file' }
  expect(labels).toEqual({ front: all, cache: all, users: all })
})
