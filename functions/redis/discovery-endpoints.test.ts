import { expect, test } from 'vitest'
import { named, of, redisDestination, rendered, service } from './small-lists.test-support.ts'

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

const own = (host: string, spec: object) => [
  named('networking.istio.io/v1', 'ServiceEntry', {
    spec: {
      hosts: [host],
      addresses: ['240.0.0.1'],
      ports: [{ number: 6379, name: 'tcp-redis', protocol: 'TCP' }],
      ...spec,
    },
  }),
  redisDestination({ connectionPool: { redis: { mode: 'CLUSTER' } } }, host),
]
const MODE = 'error spec.trafficPolicy.connectionPool.redis.mode'

test('a host with a wildcard is no seed', async () => {
  const made = await rendered(own('*.ext.com', { resolution: 'DNS' }))
  expect(of('RedisDestination', made)).toEqual([
    expect.stringContaining(`${MODE}: CLUSTER needs \`discoveryEndpoints\` here`),
  ])
  expect(made.filters).toBe(0)
})

test.each(['not an ip', '[fd00::2]', '10.0.0.256'])(
  'an endpoint at %s, which is no address, is no seed',
  async (address) => {
    const endpoints = [{ address: 'fd00::1' }, { address }]
    const made = await rendered(own('a.ext.com', { resolution: 'STATIC', endpoints }))
    expect(of('RedisDestination', made)).toEqual([expect.stringContaining(`an endpoint at "${address}"`)])
    expect(of('RedisDestination', made)[0]).toContain(`${MODE}: `)
    expect(made.filters).toBe(0)
  },
)

test('one server is asked once, however often it is listed', async () => {
  const endpoints = [{ address: '10.0.0.1', network: 'far' }, { address: '10.0.0.1' }, { address: '10.0.0.1' }]
  const made = await rendered(own('a.ext.com', { resolution: 'STATIC', endpoints }))
  expect(made.patches.match(/"address":"10\.0\.0\.1","port_value":6379/g)).toHaveLength(1)
})
