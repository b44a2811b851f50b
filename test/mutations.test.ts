import { join } from 'node:path'
import { type GoldenCase, laws, readGolden, type Subject } from 'meltemi/testing'
import { describe, expect, test } from 'vitest'
import dubbo from '../functions/dubbo/index.ts'
import redis from '../functions/redis/index.ts'
import thrift from '../functions/thrift/index.ts'
import { GOLDEN } from './mutations/mutation.ts'
import { redisMutations } from './mutations/of-redis.ts'
import { envoyFilterMutations } from './mutations/of-the-envoyfilter.ts'
import { planMutations } from './mutations/of-the-plan.ts'
import { wireMutations } from './mutations/of-the-wire.ts'
import { thriftMutations } from './mutations/of-thrift.ts'

/** What every function shares is broken in Dubbo. */
const suites = [
  { protocol: dubbo, mutations: [...planMutations, ...envoyFilterMutations, ...wireMutations] },
  { protocol: thrift, mutations: thriftMutations },
  { protocol: redis, mutations: redisMutations },
]
const mutations = suites.flatMap((suite) => suite.mutations)

describe.each(suites)('$protocol.name', ({ protocol, mutations: own }) => {
  const { cases } = readGolden(join(import.meta.dirname, '../functions', protocol.name))
  test.each(own)('$name: is caught by $caughtBy', async ({ caughtBy, on, mutate }) => {
    const one = cases.find(({ name }) => name === on)
    if (one === undefined) throw new Error(`there is no golden case \`${on}\``)
    expect(await findings(mutate(protocol), caughtBy, one)).not.toEqual([])
  })
})

test('every law has a mutation that turns it red', () => {
  const proven = new Set(mutations.map(({ caughtBy }) => caughtBy))
  expect(laws.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([])
})

test('no mutation is said to be caught by a check that does not exist', () => {
  const known = [GOLDEN, ...laws.map(({ name }) => name)]
  expect(mutations.filter(({ caughtBy }) => !known.includes(caughtBy))).toEqual([])
})

/** What the check finds. The same check finds nothing in the sound function: see the function's own test. */
async function findings(subject: Subject, check: string, one: GoldenCase): Promise<readonly string[]> {
  if (check !== GOLDEN) return laws.find(({ name }) => name === check)?.violations(subject, one.input) ?? []
  const { output } = await subject.run(one.input)
  return output === one.output ? [] : ['the output is another']
}
