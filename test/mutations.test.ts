import { join } from 'node:path'
import { laws, readGolden, type Subject } from 'meltemi/testing'
import { describe, expect, test } from 'vitest'
import dubbo from '../functions/dubbo/index.ts'
import { GOLDEN, type Mutation } from './mutations/mutation.ts'
import { planMutations } from './mutations/of-the-plan.ts'
import { wireMutations } from './mutations/of-the-wire.ts'

const { cases } = readGolden(join(import.meta.dirname, '../functions/dubbo'))
const mutations: readonly Mutation[] = [...planMutations, ...wireMutations]

describe.each(mutations)('$name', ({ caughtBy, on, mutate }) => {
  test(`is caught by ${caughtBy}`, async () => {
    expect(await findings(mutate(dubbo), caughtBy, on)).not.toEqual([])
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
async function findings(subject: Subject, check: string, on: string): Promise<readonly string[]> {
  const one = cases.find(({ name }) => name === on)
  if (one === undefined) throw new Error(`there is no golden case \`${on}\``)
  if (check !== GOLDEN) return laws.find(({ name }) => name === check)?.violations(subject, one.input) ?? []
  const { output } = await subject.run(one.input)
  return output === one.output ? [] : ['the output is another']
}
