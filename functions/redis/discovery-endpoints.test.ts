import { expect, test } from 'vitest'
import { of, redisDestination, rendered, service } from './small-lists.test-support.ts'

const cluster = (endpoint: string) =>
  redisDestination({ connectionPool: { redis: { mode: 'CLUSTER', discoveryEndpoints: [endpoint] } } })
const PATH = 'error spec.trafficPolicy.connectionPool.redis.discoveryEndpoints[0]'

test.each([
  ['node.example:1', 1],
  ['node.example:65535', 65535],
  ['[fd00::1]:6380', 6380],
  ['node.example', 6379],
])('%s is asked at port %i', async (endpoint, port) => {
  const made = await rendered([service('cache', 1), cluster(endpoint)])
  expect(made.patches).toContain(`"port_value":${port}}`)
})

test.each(['node.example:0', 'node.example:65536', 'node.example:99999', 'node.example:', '[fd00::1]:65536'])(
  '%s has no port that there is',
  async (endpoint) => {
    const made = await rendered([service('cache', 1), cluster(endpoint)])
    expect(of('RedisDestination', made)).toEqual([
      expect.stringContaining(`${PATH}: the port must be a number from 1 to 65535, not "`),
    ])
    expect(made.filters).toBe(0)
  },
)
