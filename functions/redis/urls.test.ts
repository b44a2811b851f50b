import { readGolden, subjectOf } from 'meltemi/testing'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import redis from './index.ts'

/** A URL with a password may stand wherever somebody took a host for it: no result and no line of stderr shows the password. */
const { run } = subjectOf(redis)

const URLS = [
  'redis://:hunter2@cache:6379',
  'redis://app:hunter2@cache.shop.svc.cluster.local:6379',
  ':hunter2@cache:6379',
  'redis://hunter2@cache:6379',
  'redis://:a/hunter2@cache:6379',
  'redis://:@hunter2 hunter2@cache:6379',
  // Longer than what a message quotes of a value.
  `redis://app:hunter2${'x'.repeat(100)}@cache:6379`,
]

const cases = readGolden(import.meta.dirname).cases.filter(({ name }) =>
  ['virtual-service', 'virtual-service-tcp', 'redis-cluster-of-a-service-entry', 'prefix-routes', 'subsets'].includes(
    name,
  ),
)

test('the cases are there', () => {
  expect(cases).toHaveLength(5)
})

describe.each(cases)('golden case $name', ({ input }) => {
  test('shows no password of a URL, wherever it stands', async () => {
    for (const spoilt of withUrls(parse(input))) {
      const { output = '', messages } = await run(JSON.stringify(spoilt))
      const { results = [] } = output === '' ? {} : JSON.parse(output)
      expect(JSON.stringify(results) + messages).not.toContain('hunter2')
    }
  })
})

/** The value with a URL in place of each of its strings in turn. */
function* withUrls(value: unknown): Generator<unknown> {
  if (typeof value === 'string') yield* URLS
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value))
    for (const other of withUrls(inner)) yield replaced(value, key, other)
}

function replaced(value: object, key: string, by: unknown): unknown {
  return Array.isArray(value) ? value.map((inner, i) => (String(i) === key ? by : inner)) : { ...value, [key]: by }
}
