import { describe, expect, test } from 'vitest'
import { readFullSchema } from '../../../tools/envoy-api/subset.ts'
import { judge } from './config.ts'

const set = readFullSchema()
const TYPE = 'type.googleapis.com/envoy.extensions.filters.network.redis_proxy.v3'

function said(kind: 'typed-config' | 'cluster-merge', config: object): string {
  const { violations } = judge(set, kind, config, ['1.37', '1.38', '1.39'])
  expect(violations).not.toEqual([])
  return JSON.stringify(violations)
}

function proxy(fields: object): object {
  const routes = { catch_all_route: { cluster: 'c' } }
  return {
    '@type': `${TYPE}.RedisProxy`,
    stat_prefix: 'r',
    settings: { op_timeout: '5s' },
    prefix_routes: routes,
    ...fields,
  }
}

function options(fields: object): object {
  const typed = { '@type': `${TYPE}.RedisProtocolOptions`, ...fields }
  return { typed_extension_protocol_options: { 'envoy.filters.network.redis_proxy': typed } }
}

describe.each(['hunter2', 734912345678, ['hunter2'], { inline_string: 734912345678 }, { inline_string: ['hunter2'] }])(
  'what Envoy calls a secret is not quoted: %j',
  (wrong) => {
    test.each([
      ['in a list', () => said('typed-config', proxy({ downstream_auth_passwords: [wrong] }))],
      ['by itself', () => said('typed-config', proxy({ downstream_auth_username: wrong }))],
      ['in the options of a cluster', () => said('cluster-merge', options({ auth_password: wrong }))],
      ['in a message of a list', () => said('cluster-merge', options({ credentials: [{ auth_username: wrong }] }))],
    ])('%s', (_, say) => {
      const text = say()
      expect(text).not.toContain('hunter2')
      expect(text).not.toContain('734912345678')
    })
  },
)

test('what stands where a message or a list belongs is named by its type', () => {
  expect(said('typed-config', proxy({ settings: 'hunter2' }))).toContain('must be an object, not a string')
  expect(said('typed-config', proxy({ faults: 'hunter2' }))).toContain('must be a list, not a string')
})

test('other values are quoted', () => {
  expect(said('typed-config', proxy({ settings: { op_timeout: 'soon' } }))).toContain('not \\"soon\\"')
})
