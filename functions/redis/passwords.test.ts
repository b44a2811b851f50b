import fc from 'fast-check'
import { type RouteRow, resultOf } from 'meltemi'
import { meshes, readGolden, subjectOf } from 'meltemi/testing'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import redis from './index.ts'
import type { RedisContext } from './prepared.ts'
import { CANARY, focusedLists, redisObjects } from './random-objects.test-support.ts'

/** Nothing that is said holds a password: not results, stderr or the route table, whatever is wrong with the object that holds it. */
const rows: RouteRow[] = []
const { run } = subjectOf({
  ...redis,
  outbound: (listener, context: RedisContext) => {
    const plan = redis.outbound(listener, context)
    rows.push(...(resultOf(plan)?.rows() ?? []))
    return plan
  },
})
const BASE64 = Buffer.from(CANARY).toString('base64').replace(/=+$/, '')

async function said(input: string): Promise<string> {
  const { output, messages } = await run(input)
  // Items leave as they came, passwords and broken YAML included; results stand last.
  const results = /^results:$|"results":/m.exec(output ?? '')
  return [results === null ? '' : (output ?? '').slice(results.index), messages, JSON.stringify(rows.splice(0))].join(
    '\n',
  )
}

async function silence(input: string): Promise<void> {
  const text = await said(input)
  expect(text).not.toContain(CANARY)
  expect(text).not.toContain(BASE64)
}

const cases = readGolden(import.meta.dirname).cases.filter(
  ({ input }) => input.includes(CANARY) || input.includes(BASE64),
)

test('there are cases with passwords', () => {
  expect(cases.length).toBeGreaterThan(5)
})

describe.each(cases)('golden case $name', ({ input }) => {
  test('says no password', () => silence(input))

  test('says none when a password stands where something else belongs', async () => {
    for (const spoilt of misplaced(parse(input))) await silence(JSON.stringify(spoilt))
  })

  test('says none when the text around it is no YAML', async () => {
    const lines = input.split('\n')
    for (const [i, line] of lines.entries()) {
      if (!line.includes(CANARY) && !line.includes(BASE64)) continue
      for (const broken of [`${line} "`, `${line}: :`, `\t${line}`, line.replace(/:(?=[^:]*$)/, ''), `${line} }`])
        await silence(lines.map((other, j) => (j === i ? broken : other)).join('\n'))
    }
  })
})

test('random meshes say none', { timeout: 60_000 }, async () => {
  const config = fc.record({ secrets: fc.constantFrom('file', 'inline') }, { requiredKeys: [] })
  await fc.assert(fc.asyncProperty(fc.oneof(meshes(redis, { objects: redisObjects, config }), focusedLists), silence), {
    numRuns: 150,
  })
})

/** Each value around a password in turn becomes the password itself, a list of it, or a map with it. */
function misplaced(root: unknown): readonly unknown[] {
  const paths = [...pathsAround(root)]
  const secret = `${CANARY}-elsewhere`
  return paths.flatMap((path) => [secret, [secret], { x: secret }, 7].map((value) => replaced(root, path, value)))
}

function* pathsAround(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (['auth', 'plain', 'secret', 'password', 'username', 'data', 'stringData', 'token'].includes(key))
      yield [...path, key]
    yield* pathsAround(inner, [...path, key])
  }
}

function replaced(value: unknown, [step, ...rest]: readonly string[], by: unknown): unknown {
  if (step === undefined) return by
  if (Array.isArray(value)) return value.map((inner, i) => (String(i) === step ? replaced(inner, rest, by) : inner))
  return { ...Object(value), [step]: replaced(Reflect.get(Object(value), step), rest, by) }
}
