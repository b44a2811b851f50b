import fc from 'fast-check'
import { named, redisService, service } from './small-lists.test-support.ts'

const HOSTS = ['cache', 'users', 'carts']
const host = fc.constantFrom(...HOSTS)

const secret = fc.record(
  {
    name: fc.constantFrom('one', 'one.two', 'long.'.repeat(20).concat('end')),
    passwordField: fc.constantFrom('password', 'other', 'two_'),
    usernameField: fc.constantFrom('user', 'other'),
  },
  { requiredKeys: ['name'] },
)
const auth = fc.oneof(
  fc.record({ secret }),
  fc.record({ plain: fc.constant({ password: 'front' }) }),
  fc.constant(undefined),
)
const mode = fc.constantFrom({ mode: 'PROXY' }, { mode: 'CLUSTER', discoveryEndpoints: ['10.0.0.1:7000'] })
const target = fc.record({ host })
const percentage = fc.constantFrom({ value: 0 }, { value: 40 })
const mirror = fc.record({ route: target, percentage }, { requiredKeys: ['route'] })
const route = fc.record(
  { route: target, readRoute: target, mirror: fc.array(mirror, { maxLength: 2 }) },
  { requiredKeys: ['route'] },
)
const clientAuth = fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: auth })
const listed = fc.subarray([{ password: 'p' }, { other: 'o', username: 'u' }, { token: 't' }], { maxLength: 1 })

/** Three services that send keys to each other, and whose servers may each have a password. */
export const listsWithPasswords = fc
  .record({
    destinations: fc.array(fc.record({ auth, mode }), { minLength: HOSTS.length, maxLength: HOSTS.length }),
    clientAuth,
    routes: fc.array(route, { maxLength: 3 }),
    listed,
    isExported: fc.boolean(),
    spec: fc.record(
      { secrets: fc.constantFrom('file', 'environment', 'inline'), secretsDirectory: fc.constant('/etc/redis') },
      { requiredKeys: [] },
    ),
  })
  .map(({ destinations, clientAuth: asked, routes, listed: fields, isExported, spec }) => {
    const prefixed = routes.map((one, i) => ({ match: { key: { prefix: 'abc'.slice(0, i) } }, ...one }))
    const items = [
      ...HOSTS.map((name, i) => service(name, i + 1)),
      ...destinations.map(({ auth: password, mode: fieldsOfMode }, i) => {
        const name = HOSTS[i] ?? ''
        const redis = { ...fieldsOfMode, ...(password === undefined ? {} : { auth: password }) }
        const trafficPolicy = { connectionPool: { redis } }
        return named('redis.aeraki.io/v1alpha1', 'RedisDestination', { spec: { host: name, trafficPolicy } }, name)
      }),
      redisService({ redis: prefixed, ...(asked === undefined ? {} : { settings: { auth: asked } }) }),
      ...fields.map((stringData) => named('v1', 'Secret', { stringData }, 'one')),
      named('meltemi.dev/v1alpha1', 'MeshProfile', { spec: { clientScope: isExported ? '*' : '.' } }, 'mesh'),
    ]
    const functionConfig = { apiVersion: 'meltemi.dev/v1alpha1', kind: 'Redis', metadata: { name: 'redis' }, spec }
    return JSON.stringify({ apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items, functionConfig })
  })
