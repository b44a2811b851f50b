import { describe, expect, test } from 'vitest'
import { named, of, redisService, rendered, type Small, service } from './small-lists.test-support.ts'

const cache = service('cache', 1)
const users = service('users', 2)

function cacheWith(spec: object): Promise<Small> {
  const sharded = named('redis.aeraki.io/v1alpha1', 'RedisDestination', { spec: { host: 'users' } }, 'users')
  return rendered([cache, users, sharded, redisService(spec)])
}

describe('removePrefix', () => {
  const route = { host: 'cache' }

  test.each([
    ['without a prefix', { removePrefix: true }],
    ['with an empty one', { removePrefix: true, prefix: '' }],
  ])('%s has nothing to remove', async (_, key) => {
    const made = await cacheWith({ redis: [{ match: { key }, route }] })
    expect(of('RedisService', made)).toEqual([
      'warning spec.redis[0].match.key.removePrefix: has no effect: the catch-all has no prefix',
    ])
    expect(made.filters).toBe(2)
  })

  test.each([
    ['with one', [{ match: { key: { removePrefix: true, prefix: 'a' } }, route }, { route }]],
    ['that is false', [{ match: { key: { removePrefix: false } }, route }]],
  ])('%s is as it should be', async (_, redis) => {
    expect(of('RedisService', await cacheWith({ redis }))).toEqual([])
  })
})

describe('a mirror', () => {
  const mirrored = (mirror: object) =>
    cacheWith({ redis: [{ route: { host: 'users' }, mirror: [{ route: { host: 'users' }, ...mirror }] }] })

  test('to where the commands go already is done twice', async () => {
    const made = await mirrored({})
    expect(of('RedisService', made)).toEqual([
      expect.stringContaining(
        'warning spec.redis[0].mirror[0].route: copies commands to users.shop.svc.cluster.local:6379, where they go already',
      ),
    ])
    expect(made.filters).toBe(2)
  })

  test.each([
    ['to another service', { route: { host: 'cache' } }],
    ['of no command', { percentage: { value: 0 } }],
  ])('%s is as it should be', async (_, mirror) => {
    expect(of('RedisService', await mirrored(mirror))).toEqual([])
  })
})
