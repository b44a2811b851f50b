import { expect, test } from 'vitest'
import { destinationRule, of, redisDestination, redisService, rendered, service } from './small-lists.test-support.ts'

/** Of a RedisDestination and a DestinationRule that balance differently, one is lost. */
async function lost(rule: object, loadBalancer?: object) {
  const destination = redisDestination(loadBalancer === undefined ? {} : { loadBalancer })
  return of('DestinationRule', await rendered([service('cache', 1), destination, destinationRule(rule)]))
}

const hashed = (algorithm: object) => ({ loadBalancer: { consistentHash: { useSourceIp: true, ...algorithm } } })
const HASH = 'error spec.trafficPolicy.loadBalancer.consistentHash'

test.each([
  ['ringHash under maglev', { ringHash: { minimumRingSize: 1024 } }, { maglev: {} }, '.ringHash.minimumRingSize: '],
  ['ringHash without a size', { ringHash: {} }, { maglev: {} }, '.ringHash: '],
  ['the older minimumRingSize', { minimumRingSize: 1024 }, { maglev: {} }, '.minimumRingSize: '],
  ['maglev under ringHash', { maglev: { tableSize: 65537 } }, { ringHash: {} }, '.maglev.tableSize: '],
  ['another table', { maglev: { tableSize: 1009 } }, { maglev: { tableSize: 65537 } }, '.maglev.tableSize: '],
  ['another ring', { minimumRingSize: 9 }, { ringHash: { minimumRingSize: 10 } }, '.minimumRingSize: '],
])('%s is lost', async (_, algorithm, loadBalancer, end) => {
  const said = await lost({ trafficPolicy: hashed(algorithm) }, loadBalancer)
  expect(said).toEqual([expect.stringContaining(`${HASH}${end}`)])
  expect(said[0]).toContain('which is merged over it')
})

test.each([
  ['no load balancer of its own', { maglev: { tableSize: 1009 } }, undefined],
  ['the same table', { maglev: { tableSize: 1009 } }, { maglev: { tableSize: 1009 } }],
  ['a table of any size', { maglev: { tableSize: 1009 } }, { maglev: {} }],
  ['the same ring', { minimumRingSize: '9' }, { ringHash: { minimumRingSize: 9 } }],
  ['no algorithm', {}, { maglev: {} }],
])('under %s nothing is', async (_, algorithm, loadBalancer) => {
  expect(await lost({ trafficPolicy: hashed(algorithm) }, loadBalancer)).toEqual([])
})

const simple = { name: 'v1', labels: { v: '1' }, trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } }
const rule = destinationRule({ trafficPolicy: hashed({ maglev: { tableSize: 65537 } }), subsets: [simple] })
const SUBSET = 'error spec.subsets[0].trafficPolicy.loadBalancer.simple: '

test.each([
  ['a RedisDestination', redisDestination({})],
  ['a RedisService', redisService({ redis: [{ route: { host: 'cache', subset: 'v1' } }] })],
])('a simple load balancer of a subset is lost under %s, as that of the host is', async (_, asked) => {
  const said = of('DestinationRule', await rendered([service('cache', 1), asked, rule]))
  expect(said).toEqual([expect.stringContaining(SUBSET)])
  expect(said[0]).toContain('keys would scatter')
})

test('a subset that nobody asks for stays as Istio makes it', async () => {
  const made = await rendered([service('cache', 1), rule])
  expect(of('DestinationRule', made)).toEqual([])
  expect(made.patches).not.toContain('"lb_policy"')
})
