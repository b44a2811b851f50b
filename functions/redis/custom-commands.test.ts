import { expect, test } from 'vitest'
import { of, redisService, rendered, service } from './small-lists.test-support.ts'

const PATH = 'spec.settings.customCommands[0]'

async function said(command: string) {
  const made = await rendered([service('cache', 1), redisService({ settings: { customCommands: [command] } })])
  return { lines: of('RedisService', made), filters: made.filters }
}

test.each(['subscribe', 'PSUBSCRIBE', 'ssubscribe', 'unsubscribe', 'punsubscribe', 'sunsubscribe'])(
  '%s, of whose second reply Envoy dies, is an error',
  async (command) => {
    const { lines, filters } = await said(command)
    expect(lines).toEqual([expect.stringContaining(`error ${PATH}: must not be let through`)])
    expect(filters).toBe(0)
  },
)

test.each([
  ['a b', 'it is no command'],
  ['PING', 'redis_proxy answers `PING` itself'],
  ['BLPOP', 'may wait on the server'],
  ['xread', 'may wait on the server'],
  ['client', 'may change the connection to the server'],
  ['PSYNC', 'may change the connection to the server'],
  ['sync', 'may change the connection to the server'],
  ['replconf', 'may change the connection to the server'],
  ['monitor', 'may change the connection to the server'],
  ['reset', 'may change the connection to the server'],
  ['Select', 'may change the connection to the server'],
  ['quit', 'redis_proxy answers `quit` itself'],
])('%s is a warning', async (command, message) => {
  const { lines, filters } = await said(command)
  expect(lines).toEqual([expect.stringContaining(message)])
  expect(lines[0]).toContain(`warning ${PATH}: `)
  expect(filters).toBe(1)
})

test.each(['json.get', 'GRAPH.QUERY'])('%s is let through without a word', async (command) => {
  expect(await said(command)).toEqual({ lines: [], filters: 1 })
})
