import { describe, expect, test } from 'vitest'
import { readFullSchema, subset } from '../../../tools/envoy-api/subset.ts'
import { type ConfigKind, checkConfig, failingMinors, judge, unwrapped } from './config.ts'
import { explain, type Violation } from './violation.ts'

const set = readFullSchema()
const ALL = ['1.37', '1.38', '1.39']
const NETWORK = 'type.googleapis.com/envoy.extensions.filters.network'

function check(kind: ConfigKind, config: unknown, minors: readonly string[] = ALL): readonly Violation[] {
  return judge(set, kind, config, minors).violations
}

function redis(settings: Readonly<Record<string, unknown>>, rest: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    '@type': `${NETWORK}.redis_proxy.v3.RedisProxy`,
    stat_prefix: 'r',
    settings: { op_timeout: '5s', ...settings },
    prefix_routes: { catch_all_route: { cluster: 'c' } },
    ...rest,
  }
}

describe('fields newer than the range', () => {
  const mongo = { '@type': `${NETWORK}.mongo_proxy.v3.MongoProxy`, stat_prefix: 'm', max_bson_depth: 50 }

  test('name the release that has them, and where the range starts', () => {
    expect(check('typed-config', mongo)).toEqual([
      {
        path: 'max_bson_depth',
        rule: 'since',
        message: '`max_bson_depth` needs Envoy 1.39 (Istio 1.31); your range starts at Istio 1.29',
        minors: ['1.37', '1.38'],
      },
    ])
  })

  test('are fine where the range starts late enough', () => {
    expect(check('typed-config', mongo, ['1.39'])).toEqual([])
  })

  test('are checked all the same on the minors that have them', () => {
    const found = check('typed-config', { ...mongo, max_bson_depth: 0 })
    expect(found.map(({ rule, minors }) => [rule, minors])).toEqual([
      ['since', ['1.37', '1.38']],
      ['range', ['1.39']],
    ])
    expect(failingMinors(found, ALL)).toEqual(ALL)
  })

  test('values of an enum', () => {
    const found = check('typed-config', redis({ read_policy: 'LOCAL_ZONE_AFFINITY' }))
    expect(found).toEqual([
      {
        path: 'settings.read_policy',
        rule: 'since',
        message: '"LOCAL_ZONE_AFFINITY" needs Envoy 1.38 (Istio 1.30); your range starts at Istio 1.29',
        minors: ['1.37'],
      },
    ])
    expect(failingMinors(found, ALL)).toEqual(['1.37'])
  })

  test('rules that only older minors have', () => {
    const config = {
      '@type': `${NETWORK}.local_ratelimit.v3.LocalRateLimit`,
      stat_prefix: 'l',
      token_bucket: { max_tokens: 0, fill_interval: '1s' },
    }
    expect(check('typed-config', config)).toEqual([
      {
        path: 'token_bucket.max_tokens',
        rule: 'range',
        message: 'must be greater than 0, not 0, until Envoy 1.38 (Istio 1.30)',
        minors: ['1.37', '1.38'],
      },
    ])
  })
})

describe('what people write', () => {
  test('camelCase', () => {
    const [first] = check('typed-config', redis({ enableHashtagging: true }))
    expect(first).toMatchObject({
      path: 'settings.enableHashtagging',
      message: "Envoy's fields are written in snake_case: `enable_hashtagging`, not `enableHashtagging`",
      proposed: 'enable_hashtagging',
    })
  })

  test('a misspelt field', () => {
    expect(check('typed-config', redis({ enable_hashtaging: true }))).toMatchObject([
      {
        rule: 'unknown-field',
        message: expect.stringContaining('did you mean `enable_hashtagging`?'),
        proposed: 'enable_hashtagging',
      },
    ])
  })

  test.each([
    [5, '5s'],
    ['5', '5s'],
    ['5 s', '5s'],
    ['50ms', '0.05s'],
    ['1m', '60s'],
    ['soon', undefined],
    ['-1s', undefined],
    ['9999999999s', undefined],
  ])('a duration like %j', (written, proposed) => {
    const [found, ...more] = check('typed-config', redis({ op_timeout: written }))
    expect(more).toEqual([])
    expect(found).toMatchObject({ path: 'settings.op_timeout' })
    expect(found?.message).toMatch(/must be a duration in seconds such as "1.5s"/)
    expect(found?.proposed).toBe(proposed)
  })

  test('an enum in lower case', () => {
    expect(check('typed-config', redis({ read_policy: 'prefer_replica' }))).toMatchObject([
      { path: 'settings.read_policy', rule: 'value', proposed: 'PREFER_REPLICA' },
    ])
  })

  test.each([
    ['settings.max_buffer_size_before_flush', -1, 'range', 'must be at least 0 and at most 4294967295, not -1'],
    [
      'settings.max_buffer_size_before_flush',
      2 ** 32,
      'range',
      'must be at least 0 and at most 4294967295, not 4294967296',
    ],
    ['settings.max_buffer_size_before_flush', '10', 'type', 'must be a whole number, not "10"'],
    ['settings.max_buffer_size_before_flush', null, 'type', 'must be a whole number, not null'],
    ['settings.enable_hashtagging', 'true', 'type', 'must be true or false, not "true"'],
  ])('%s: %j', (path, value, rule, message) => {
    expect(check('typed-config', redis({ [path.replace('settings.', '')]: value }))).toMatchObject([
      { path, rule, message },
    ])
  })

  test('an unknown @type, with the one that was meant', () => {
    expect(check('typed-config', { '@type': `${NETWORK}.redis_proxy.v3.RedisProxi`, stat_prefix: 'r' })).toMatchObject([
      { path: '["@type"]', rule: 'any-type', proposed: `${NETWORK}.redis_proxy.v3.RedisProxy` },
    ])
  })

  test('a type without its prefix', () => {
    const config = { '@type': 'envoy.extensions.filters.network.mongo_proxy.v3.MongoProxy', stat_prefix: 'm' }
    expect(check('typed-config', config)).toMatchObject([{ proposed: `${NETWORK}.mongo_proxy.v3.MongoProxy` }])
  })

  test('no @type at all', () => {
    expect(check('typed-config', { stat_prefix: 'm' })).toMatchObject([{ path: '["@type"]', rule: 'any-type' }])
  })

  test.each(['udpa.type.v1.TypedStruct', 'xds.type.v3.TypedStruct'])('%s with a bad inner value', (type) => {
    const config = {
      '@type': `type.googleapis.com/${type}`,
      type_url: `${NETWORK}.redis_proxy.v3.RedisProxy`,
      value: { stat_prefix: '', settings: {}, prefix_routes: {} },
    }
    expect(check('typed-config', config).map(({ path, rule }) => [path, rule])).toEqual([
      ['value.stat_prefix', 'length'],
      ['value.settings', 'required'],
      ['value.prefix_routes', 'envoy:redis-upstream'],
    ])
  })

  test('a TypedStruct of a TypedStruct, and an @type inside its value', () => {
    const url = `${NETWORK}.mongo_proxy.v3.MongoProxy`
    const config = {
      '@type': 'type.googleapis.com/udpa.type.v1.TypedStruct',
      type_url: url,
      value: { '@type': url, stat_prefix: 'm' },
    }
    expect(check('typed-config', config)).toMatchObject([{ path: 'value["@type"]', rule: 'unknown-field' }])
  })

  test('no object at all', () => {
    for (const value of [null, 'x', 3, [], undefined])
      expect(check('typed-config', value)).toMatchObject([{ path: '', rule: 'type' }])
  })

  test('keys that every object has by birth are unknown fields', () => {
    const config: unknown = JSON.parse(
      `{"@type": "${NETWORK}.mongo_proxy.v3.MongoProxy", "stat_prefix": "m", "constructor": 1, "__proto__": 2}`,
    )
    expect(check('typed-config', config).map(({ path }) => path)).toEqual(['constructor', '__proto__'])
  })
})

describe('kinds of config', () => {
  test('a filter of a listener', () => {
    expect(check('filter', { name: 'x', typed_config: redis({}) })).toEqual([])
    expect(check('filter', { typed_config: redis({ op_timeout: 5 }) })).toMatchObject([
      { path: 'typed_config.settings.op_timeout' },
      { path: '', rule: 'required', message: 'must have `name`' },
    ])
  })

  test('a filter to come by ECDS', () => {
    expect(check('extension', { name: 'x', typed_config: redis({}) })).toEqual([])
    expect(check('extension', { name: '', typed_config: redis({}) })).toMatchObject([{ path: 'name', rule: 'length' }])
  })

  test('a whole cluster needs what a merged one may leave to istiod', () => {
    const value = { lb_policy: 'MAGLEV' }
    expect(check('cluster-merge', value)).toEqual([])
    expect(check('cluster', value)).toMatchObject([{ rule: 'required', message: 'must have `name`' }])
  })

  test('what a merge does say is checked', () => {
    expect(check('cluster-merge', { lb_policy: 'maglev', conect_timeout: '1s' })).toMatchObject([
      { path: 'lb_policy', proposed: 'MAGLEV' },
      { path: 'conect_timeout', proposed: 'connect_timeout' },
    ])
  })

  test('a merge appends items and replaces entries of maps, so these must be whole', () => {
    const checked = check('cluster-merge', {
      health_checks: [{ tcp_health_check: {} }],
      typed_extension_protocol_options: { x: {} },
      upstream_connection_options: { happy_eyeballs_config: {} },
    })
    expect(checked.map(({ path, rule }) => [path, rule])).toEqual([
      ['health_checks[0]', 'required'],
      ['health_checks[0]', 'required'],
      ['health_checks[0]', 'required'],
      ['health_checks[0]', 'required'],
      ['typed_extension_protocol_options.x["@type"]', 'any-type'],
    ])
  })

  test("a merge into istiod's tcp_proxy", () => {
    const value = { '@type': `${NETWORK}.tcp_proxy.v3.TcpProxy`, max_connect_attempts: 3 }
    expect(check('typed-config-merge', value)).toEqual([])
    expect(check('typed-config', value).map(({ message }) => message)).toEqual([
      'must have `stat_prefix`',
      'must have one of `cluster`, `weighted_clusters`',
    ])
  })
})

describe('regular expressions', () => {
  function dubbo(regex: string): unknown {
    const match = { method: { name: { safe_regex: { regex } } } }
    return {
      '@type': `${NETWORK}.dubbo_proxy.v3.DubboProxy`,
      stat_prefix: 'd',
      route_config: [{ name: 'r', interface: '*', routes: [{ match, route: { cluster: 'c' } }] }],
    }
  }

  test('plain ones are judged at once', () => {
    expect(judge(set, 'typed-config', dubbo('.*'), ALL)).toEqual({ violations: [], regexes: [] })
  })

  test("others are left to RE2's grammar, which refuses what RE2 refuses", async () => {
    expect(judge(set, 'typed-config', dubbo('(?=a)b'), ALL).regexes).toHaveLength(1)
    const [found, ...more] = await checkConfig(set, 'typed-config', dubbo('(?=a)b'), ALL)
    expect(more).toEqual([])
    expect(found).toMatchObject({
      path: 'route_config[0].routes[0].match.method.name.safe_regex.regex',
      rule: 'regex',
      minors: ALL,
    })
    expect(await checkConfig(set, 'typed-config', dubbo('(?P<x>a|b)+?'), ALL)).toEqual([])
  })
})

describe("a function's own part of the schema", () => {
  const own = subset(set, { 'envoy.extensions.filters.network.mongo_proxy.v3.MongoProxy': ['stat_prefix'] })
  const mongo = { '@type': `${NETWORK}.mongo_proxy.v3.MongoProxy`, stat_prefix: 'm' }

  test('judges what it declares like the whole', () => {
    expect(judge(own, 'filter', { name: 'm', typed_config: mongo }, ALL).violations).toEqual([])
    expect(judge(own, 'typed-config', { ...mongo, stat_prefix: '' }, ALL).violations).toMatchObject([
      { path: 'stat_prefix' },
    ])
  })

  test('refuses what it does not', () => {
    expect(judge(own, 'typed-config', redis({}), ALL).violations).toMatchObject([
      { path: '["@type"]', rule: 'any-type' },
    ])
    expect(judge(own, 'typed-config', { ...mongo, commands: [] }, ALL).violations).toMatchObject([
      { path: 'commands', rule: 'unknown-field' },
    ])
    expect(judge(own, 'cluster', { name: 'c' }, ALL).violations).toEqual([
      {
        path: '',
        rule: 'any-type',
        message: expect.stringContaining('does not name envoy.config.cluster.v3.Cluster'),
        minors: ALL,
      },
    ])
  })
})

test.each([
  [redis({ op_timeout: 5 }), '`settings.op_timeout` must be a duration in seconds such as "1.5s", not 5; write "5s"'],
  [
    redis({ opTimeout: '1s' }),
    "`settings.opTimeout`: Envoy's fields are written in snake_case: `op_timeout`, not `opTimeout`",
  ],
  [
    redis({ read_policy: 'LOCAL_ZONE_AFFINITY' }),
    '`settings.read_policy`: "LOCAL_ZONE_AFFINITY" needs Envoy 1.38 (Istio 1.30); your range starts at Istio 1.29',
  ],
  [[], 'the config must be an object, not a list'],
])('a sentence for %j', (config, sentence) => {
  expect(check('typed-config', config).map((violation) => explain(violation, ALL))).toEqual([sentence])
})

test('a sentence names the releases where they are not all', () => {
  const violation: Violation = { path: 'a', rule: 'regex', message: 'must be smaller', minors: ['1.37'] }
  expect(explain(violation, ALL)).toBe('`a` must be smaller (on Envoy 1.37 (Istio 1.29))')
})

test('unwrapping', () => {
  expect(unwrapped({ '@type': 'type.googleapis.com/a.B', x: 1 })).toEqual({ type: 'a.B', value: { x: 1 } })
  const struct = {
    '@type': 'type.googleapis.com/xds.type.v3.TypedStruct',
    type_url: 'type.googleapis.com/a.B',
    value: { x: 1 },
  }
  expect(unwrapped(struct)).toEqual({ type: 'a.B', value: { x: 1 } })
  expect(unwrapped({})).toEqual({ type: '', value: {} })
})
