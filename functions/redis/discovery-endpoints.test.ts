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

test.each([
  ['fd00::1:6380', '[fd00::1]:6380'],
  ['::1:6380', '[::1]:6380'],
])('%s is one address, and perhaps was not meant so', async (endpoint, proposedValue) => {
  const made = await rendered([service('cache', 1), cluster(endpoint)])
  const said = made.results.filter(({ message }) => message.includes('is one IPv6 address'))
  expect(said).toEqual([
    expect.objectContaining({
      severity: 'warning',
      field: expect.objectContaining({ currentValue: endpoint, proposedValue }),
    }),
  ])
  expect(made.patches).toContain(`"address":"${endpoint}","port_value":6379`)
})

test.each(['fd00::1', 'fd00::6380', '[fd00::1:6380]', '[fd00::1]:6380', 'fd00:0:0:0:0:0:1:6380', 'fd00::1:abcd'])(
  '%s is what it looks like',
  async (endpoint) => {
    const made = await rendered([service('cache', 1), cluster(endpoint)])
    expect(made.results.filter(({ message }) => message.includes('is one IPv6 address'))).toEqual([])
    expect(made.filters).toBe(1)
  },
)

test.each(['fd00::1:26379', 'fd00:0:0:0:0:0:0:1:6379'])('%s is no address', async (endpoint) => {
  const made = await rendered([service('cache', 1), cluster(endpoint)])
  expect(of('RedisDestination', made)).toContainEqual(expect.stringContaining(`${PATH}: must be a host`))
  expect(made.filters).toBe(0)
})
