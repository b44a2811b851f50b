import { describe, expect, test } from 'vitest'
import { checkConfig } from '../../src/envoy/schema/config.ts'
import { cppRules } from '../../src/envoy/schema/rules/index.ts'
import { readMinors } from '../../tools/envoy-api/roots.ts'
import { readFullSchema } from '../../tools/envoy-api/subset.ts'
import { withRedisProxy } from './redis-session.ts'

const set = readFullSchema()
const RULE = 'redis-key-formatter'

/** Commands that all Envoys know, that some know, and that none knows, alone and with arguments and lengths. */
const FORMATTERS = `
  user: %KEY% %KEY%:%KEY% 100%%:%KEY% %%%KEY%%% %HOSTNAME%:%KEY% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%:%KEY%
  %ENVIRONMENT(HOME)%:%KEY% %ENVIRONMENT(HOME):2%:%KEY% %START_TIME(%Y)%:%KEY% %REQ(x)%:%KEY% %REQ(x):3%:%KEY%
  %QUERY_PARAMS%:%KEY% %SPAN_ID%:%KEY% %UPSTREAM_SERVER_NAME%:%KEY% %DOWNSTREAM_TLS_GROUP%:%KEY%
  %NOSUCH%:%KEY% %REQ%:%KEY% %ENVIRONMENT%:%KEY% %HOSTNAME(x)%:%KEY% %HOSTNAME:2%:%KEY% %:%KEY% a%:%KEY% %a%:%KEY%
  %KEY:2% %key% %%KEY%% %KEY%:%%KEY%%`
  .trim()
  .split(/\s+/)

function proxy(keyFormatter: string): object {
  return { prefix_routes: { catch_all_route: { cluster: 'c', key_formatter: keyFormatter } } }
}

async function refuses(keyFormatter: string, minor: string): Promise<boolean> {
  const type = 'type.googleapis.com/envoy.extensions.filters.network.redis_proxy.v3.RedisProxy'
  const config = { '@type': type, stat_prefix: 'r', settings: { op_timeout: '5s' }, ...proxy(keyFormatter) }
  const found = await checkConfig(set, 'typed-config', config, [minor])
  expect(found.filter(({ rule }) => rule !== `envoy:${RULE}`)).toEqual([])
  return found.length > 0
}

describe.each(readMinors())('Envoy $binary', (pin) => {
  test.each(FORMATTERS)('lives with %j where we say so, and dies of it otherwise', async (keyFormatter) => {
    const isDead = await withRedisProxy(pin, proxy(keyFormatter), async ({ ask, lastWords }) => {
      const answer = await ask('GET', 'a')
      expect(answer === '').toBe(lastWords() !== undefined)
      return answer === ''
    })
    expect(await refuses(keyFormatter, pin.minor)).toBe(isDead)
  })

  test('says why it dies', async () => {
    const rule = cppRules().find(({ name }) => name === RULE)
    const said = await withRedisProxy(pin, proxy('%NOSUCH%'), async ({ ask, lastWords }) => {
      await ask('GET', 'a')
      return lastWords()
    })
    expect(said).toContain(rule?.envoy)
  })

  test('takes a key for a key, whatever it looks like', async () => {
    const answers = await withRedisProxy(pin, proxy('x:%KEY%'), async ({ ask }) => [
      await ask('GET', 'a%b'),
      await ask('GET', '%NOSUCH%'),
      await ask('GET', '%KEY%'),
    ])
    expect(answers).toEqual(['+x:a%b', '+x:%NOSUCH%', '+x:%KEY%'])
  })
})
