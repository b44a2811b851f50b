import { subjectOf } from 'meltemi/testing'
import { expect, test } from 'vitest'
import redis from './index.ts'

/** What is wrong with one field is said once, however many hosts and ports the object speaks for. */
const { run } = subjectOf(redis)

const service = (name: string, n: number) => `- apiVersion: v1
  kind: Service
  metadata: {name: ${name}, namespace: shop}
  spec: {clusterIP: 10.96.0.${n}, selector: {app: ${name}}, ports: [{name: tcp-redis, port: 6379}, {name: redis-too, port: 6380}]}
`

/** The warnings that stand at a field of the RedisService. */
async function warnings(spec: string, functionConfig = '{}'): Promise<readonly string[]> {
  const { messages } = await run(`apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig: {apiVersion: meltemi.dev/v1alpha1, kind: Redis, metadata: {name: redis}, spec: ${functionConfig}}
items:
${service('cache', 1)}${service('orders', 2)}- apiVersion: v1
  kind: Secret
  metadata: {name: s, namespace: shop}
  stringData: {password: canary}
- apiVersion: redis.aeraki.io/v1alpha1
  kind: RedisService
  metadata: {name: cache, namespace: shop}
  spec: {host: [cache, orders], ${spec}}
`)
  const lines = messages.split('\n').filter((line) => line.includes('RedisService shop/cache spec'))
  return lines.map((line) => line.replace(/^warning: RedisService shop\/cache ([^:]*): .*$/, '$1'))
}

test.each([
  ['settings: {auth: {plain: {password: canary}}}', ['spec.settings.auth.plain']],
  ['faults: [{type: ERROR, commands: [GETT]}]', ['spec.faults[0].commands[0]']],
  [
    'faults: [{type: ERROR, commands: [GETT, GETT, gett, SETT]}]',
    ['spec.faults[0].commands[0]', 'spec.faults[0].commands[3]'],
  ],
  ['faults: [{type: ERROR, commands: [GETT, GETT], percentage: {value: 0}}]', []],
  ['faults: [{type: ERROR, commands: [GETT, GETT], percentage: {}}]', []],
])('%s', async (spec, fields) => {
  expect(await warnings(spec)).toEqual(fields)
})

test('a password that is taken from a Secret is warned of once', async () => {
  const spec = 'settings: {auth: {secret: {name: s}}}'
  expect(await warnings(spec, '{secrets: inline}')).toEqual(['spec.settings.auth.secret'])
})
