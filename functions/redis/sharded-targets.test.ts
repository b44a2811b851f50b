import { expect, test } from 'vitest'
import { named, of, redisService, rendered, service } from './small-lists.test-support.ts'

const three = (name: string, namespace: string) =>
  named(
    'apps/v1',
    'StatefulSet',
    { spec: { replicas: 3, template: { metadata: { labels: { app: name } }, spec: {} } } },
    name,
    namespace,
  )
const sendingTo = (host: string) => redisService({ redis: [{ route: { host } }] })

test('a RedisService shards the services of its own namespace that it sends keys to', async () => {
  const made = await rendered([service('cache', 1), service('users', 2), three('users', 'shop'), sendingTo('users')])
  expect(made.patches).toContain('"cluster":{"name":"outbound|6379||users.shop.svc.cluster.local"}')
  expect(of('RedisService', made)).toEqual([])
})

test("but none of another namespace, which are their owners' to shard", async () => {
  const made = await rendered([
    service('cache', 1),
    service('users', 2, 'people'),
    three('users', 'people'),
    sendingTo('users.people.svc.cluster.local'),
  ])
  expect(made.patches).not.toContain('"lb_policy"')
  expect(of('RedisService', made)).toEqual([
    expect.stringMatching(/^error spec\.redis\[0\]\.route: cannot be sent to: users\.people\S* has 3 endpoints/),
  ])
})
