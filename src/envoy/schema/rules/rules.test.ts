import { describe, expect, test } from 'vitest'
import { corpus } from '../../../../test/envoy-api/corpus.ts'
import { readFullSchema } from '../../../../tools/envoy-api/subset.ts'
import { checkConfig } from '../config.ts'
import type { Violation } from '../violation.ts'
import { walk } from '../walk.ts'
import { cppRules } from './index.ts'

const set = readFullSchema()
const ALL = ['1.37', '1.38', '1.39']
const judged = await Promise.all(
  corpus().map(async ({ name, kind, config }) => {
    const found = await checkConfig(set, kind === 'filter' ? 'typed-config' : 'cluster', config, ALL)
    return { name, found, messages: messagesOf(kind, config) }
  }),
)

function messagesOf(kind: string, config: unknown): ReadonlySet<string> {
  const seen = new Set<string>()
  const definition = kind === 'filter' ? 'any:network-filter' : 'envoy.config.cluster.v3.Cluster'
  walk(
    set,
    definition,
    config,
    { path: '', minors: ALL, range: ALL, partial: false },
    (message): readonly Violation[] => {
      seen.add(message)
      return []
    },
  )
  return seen
}

test('messages that rules are on exist', () => {
  expect(cppRules().filter(({ on }) => set.$defs[on] === undefined)).toEqual([])
})

describe.each([...new Set(cppRules().map(({ name }) => name))])('%s', (name) => {
  const messages = cppRules()
    .filter((rule) => rule.name === name)
    .map(({ on }) => on)
  const breaks = judged.filter(({ found }) => found.some(({ rule }) => rule === `envoy:${name}`))

  test('is the only thing wrong with some hand-made config', () => {
    expect(breaks.filter(({ found }) => found.every(({ rule }) => rule === `envoy:${name}`))).not.toEqual([])
  })

  test('lets a hand-made config with such a message pass', () => {
    const fine = judged.filter(
      ({ found, messages: seen }) => found.length === 0 && messages.some((message) => seen.has(message)),
    )
    expect(fine.map((one) => one.name)).not.toEqual([])
  })
})
