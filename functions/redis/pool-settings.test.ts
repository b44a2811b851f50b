import { expect, test } from 'vitest'
import { of, redisDestination, redisService, rendered, service } from './small-lists.test-support.ts'

const ELSEWHERE = 'warning spec.settings.readPolicy: has no effect: only a Redis Cluster'

test.each([
  ['PREFER_REPLICA', {}, 1],
  ['ANY', {}, 1],
  ['MASTER', {}, 0],
  ['PREFER_REPLICA', { mode: 'CLUSTER' }, 0],
])('readPolicy %s of servers with %j', async (readPolicy, redis, warnings) => {
  const asked = redisService({ settings: { readPolicy } })
  const made = await rendered([service('cache', 1), asked, redisDestination({ connectionPool: { redis } })])
  expect(of('RedisService', made).filter((line) => line.startsWith(ELSEWHERE))).toHaveLength(warnings)
  expect(made.filters).toBe(1)
})
