import { subjectOf } from 'meltemi/testing'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import redis from './index.ts'

/** What a RedisDestination says of the servers holds for their own sidecars, whether or not a client's listener is known. */
const { run } = subjectOf(redis)

function named(apiVersion: string, kind: string, fields: object, name = 'cache') {
  return { apiVersion, kind, metadata: { name, namespace: 'shop' }, ...fields }
}

function service(spec: object, annotations: object = {}) {
  const ports = [{ name: 'tcp-redis', port: 6379 }]
  const object = named('v1', 'Service', { spec: { selector: { app: 'cache' }, ports, ...spec } })
  return { ...object, metadata: { ...object.metadata, annotations } }
}

function destination(redisSettings: unknown, name?: string) {
  const spec = { host: 'cache', trafficPolicy: { connectionPool: { redis: redisSettings } } }
  return named('redis.aeraki.io/v1alpha1', 'RedisDestination', { spec }, name)
}

const UNTIL = 'until the errors of its RedisDestination are mended'
const password = { auth: { plain: { password: 'canary' } } }
const withAddress = service({ clusterIP: '10.96.0.1' })
const withoutAddress = service({})
const forNobody = service({ clusterIP: '10.96.0.1' }, { 'networking.istio.io/exportTo': '~' })

async function render(items: readonly object[], inbound: boolean) {
  const spec = { inbound }
  const functionConfig = { apiVersion: 'meltemi.dev/v1alpha1', kind: 'Redis', metadata: { name: 'redis' }, spec }
  const list = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items, functionConfig }
  const { output } = await run(JSON.stringify(list))
  const { items: left, results = [] } = parse(output ?? '')
  const filters: readonly string[] = left
    .filter(({ kind }: { readonly kind: string }) => kind === 'EnvoyFilter')
    .map(({ metadata }: { readonly metadata: { readonly name: string } }) => metadata.name)
  const said = results.map(({ message }: { readonly message: string }) => message).join('\n')
  return { inbound: filters.filter((name) => name.startsWith('redis-inbound')), said }
}

describe.each([
  ['an address', withAddress],
  ['no known address', withoutAddress],
  ['no clients', forNobody],
])('servers of a service with %s', (_, cache) => {
  test('have an inbound filter if nothing speaks against it', async () => {
    expect((await render([cache, destination({})], true)).inbound).toHaveLength(1)
  })

  test.each([
    ['a password', [destination(password)], ['redis_proxy does not pass AUTH on']],
    ['a Redis Cluster', [destination({ mode: 'CLUSTER' })], ['redis_proxy does not pass CLUSTER on']],
    ['settings with errors', [destination({ auth: 'canary' })], [UNTIL, 'must be a map, not a string']],
    [
      'two RedisDestinations',
      [destination(password), destination({}, 'second')],
      [UNTIL, 'must be the only one that speaks for cache'],
    ],
  ])('have none before %s, and it is said', async (__, destinations, reasons) => {
    const { inbound, said } = await render([cache, ...destinations], true)
    expect(inbound).toEqual([])
    expect(said).toContain(`cache.shop.svc.cluster.local:6379 gets no inbound filter`)
    for (const reason of reasons) expect(said).toContain(reason)
    expect(said).not.toContain('does nothing')
  })

  test('have one whatever a RedisService says, which is for clients', async () => {
    const broken = named('redis.aeraki.io/v1alpha1', 'RedisService', { spec: { host: ['cache'], redis: 'canary' } })
    expect((await render([cache, broken], true)).inbound).toHaveLength(1)
  })
})

describe('a health check', () => {
  const checked = (healthCheck: object) =>
    named('redis.aeraki.io/v1alpha1', 'RedisDestination', { spec: { host: 'cache', trafficPolicy: { healthCheck } } })
  const MEETS = 'PING is answered by the redis_proxy of the servers'

  test('by PING never reaches a server behind an inbound filter, and it is said', async () => {
    const { inbound, said } = await render([withAddress, checked({})], true)
    expect(inbound).toHaveLength(1)
    expect(said).toContain(MEETS)
  })

  test.each([
    ['by EXISTS of a key is passed on', withAddress, { key: 'maintenance' }, true],
    ['reaches the servers without an inbound filter', withAddress, {}, false],
    ['of a service whose clients have no filter is not there', withoutAddress, {}, true],
  ])('%s', async (_, cache, check, isInbound) => {
    expect((await render([cache, checked(check)], isInbound)).said).not.toContain(MEETS)
  })
})

test.each([
  ['no known address', withoutAddress],
  ['no clients', forNobody],
])('where nobody asks for inbound filters, a RedisDestination for a service with %s does nothing', async (_, cache) => {
  const { inbound, said } = await render([cache, destination(password)], false)
  expect(inbound).toEqual([])
  expect(said).toContain('does nothing')
})
