import { expect, test } from 'vitest'
import { named, rendered, service } from './small-lists.test-support.ts'

const FULL = 'cache.shop.svc.cluster.local'
const items = [service('cache', 1), service('cache', 2, 'bank'), service('orders', 3)]

function spoken(kind: string, host: unknown) {
  return rendered([...items, named('redis.aeraki.io/v1alpha1', kind, { spec: { host } })])
}

async function saidOf(kind: string, host: unknown) {
  const { results } = await spoken(kind, host)
  return results
    .filter(({ resourceRef }) => resourceRef?.kind === kind)
    .map(({ severity, field }) => [severity, field?.proposedValue])
}

test.each(['cache.shop', 'cache.shop.svc', 'CACHE', 'Cache.shop.svc.cluster.local', `${FULL}.`, 'cahce', 'cache.'])(
  '%s may be meant for the service of its namespace',
  async (host) => {
    expect(await saidOf('RedisDestination', host)).toEqual([['warning', FULL]])
    expect(await saidOf('RedisService', [host])).toEqual([['warning', FULL]])
  },
)

test.each(['sessions', 'sessions.example.com'])('nothing is near to %s', async (host) => {
  expect(await saidOf('RedisDestination', host)).toEqual([['warning', undefined]])
})

test("no other namespace's service is proposed, as nobody speaks for it from here", async () => {
  const { results } = await rendered([
    service('cache', 2, 'bank'),
    named('redis.aeraki.io/v1alpha1', 'RedisDestination', { spec: { host: 'cache' } }),
  ])
  expect(results.find(({ resourceRef }) => resourceRef?.kind === 'RedisDestination')?.field).toEqual({
    path: 'spec.host',
    currentValue: 'cache',
  })
})
