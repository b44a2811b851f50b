import { beforeAll, describe, expect, test } from 'vitest'
import { checkConfig } from '../../src/envoy/schema/config.ts'
import { cppRules } from '../../src/envoy/schema/rules/index.ts'
import type { Violation } from '../../src/envoy/schema/violation.ts'
import { readMinors } from '../../tools/envoy-api/roots.ts'
import { readFullSchema } from '../../tools/envoy-api/subset.ts'
import { type Case, corpus } from './corpus.ts'
import { classes, classOf, readTable } from './disagreement.ts'
import { bootstrap, type Envoy, openEnvoy, type Verdict } from './envoy.ts'
import { mutate, seedOf } from './mutations.ts'
import { askGo } from './oracle.ts'

const MINUTES = 60_000
const set = readFullSchema()
const pins = readMinors()
const table = readTable()
const configs = corpus()

interface Judged {
  readonly minor: string
  readonly name: string
  /** What was changed; `hand-made` for a config as it is written. */
  readonly change: string
  readonly config: unknown
  readonly ours: readonly Violation[]
  readonly theirs: Verdict
}

interface Question {
  readonly from: Case
  readonly change: string
  readonly config: Readonly<Record<string, unknown>>
}

function ask({ from, config }: Question, minor: string): Promise<readonly Violation[]> {
  return checkConfig(set, from.kind === 'filter' ? 'typed-config' : 'cluster', config, [minor])
}

function mutants(from: Case, count: number): readonly Question[] {
  return mutate(from.config, count, seedOf(from.name)).map(({ kind, config }) => ({ from, change: kind, config }))
}

/** Filters that only the contrib build of Envoy has, which no registry offers. */
function isContrib({ config }: Case): boolean {
  return /(mysql|postgres|kafka|rocketmq)_(proxy|broker|mesh)/.test(String(config['@type']))
}

function found(judged: readonly Judged[]): readonly string[] {
  const all = judged.flatMap(({ change, ours, theirs }) => classOf(change, ours, theirs) ?? [])
  return [...new Set(all)].sort()
}

/** The first config of every class that the table does not have: what to look at when the comparison fails. */
function examples(judged: readonly Judged[], known: readonly string[]): readonly unknown[] {
  const seen = new Set(known)
  return judged.flatMap((one) => {
    const name = classOf(one.change, one.ours, one.theirs)
    if (name === undefined || seen.has(name)) return []
    seen.add(name)
    return [
      {
        class: name,
        on: one.minor,
        of: one.name,
        ours: one.ours.slice(0, 2),
        theirs: one.theirs?.slice(0, 300),
        config: JSON.stringify(one.config).slice(0, 600),
      },
    ]
  })
}

describe('strict protojson and generated PGV in Go', () => {
  const judged: Judged[] = []

  beforeAll(async () => {
    for (const pin of pins) {
      const handMade: readonly Question[] = configs.map((from) => ({ from, change: 'hand-made', config: from.config }))
      const accepted = await withVerdicts(handMade, pin.minor)
      const sound = accepted.filter(({ ours }) => ours.length === 0).map(({ question }) => question)
      const changed = sound.flatMap(({ from }) => mutants(from, 120))
      const all = [...accepted, ...(await withVerdicts(changed, pin.minor))]
      const theirs = await askGo(
        pin,
        all.map(({ question: { from, config } }) => ({
          type: from.kind === 'filter' ? 'google.protobuf.Any' : 'envoy.config.cluster.v3.Cluster',
          value: config,
        })),
      )
      judged.push(
        ...all.map(({ question, ours }, i) => ({
          minor: pin.minor,
          name: question.from.name,
          change: question.change,
          config: question.config,
          // Rules of Envoy's C++ code are not PGV's business.
          ours: ours.map((one) => (/^(envoy:|regex$)/.test(one.rule) ? { ...one, rule: 'envoy:C++' as const } : one)),
          theirs: theirs[i],
        })),
      )
    }
  }, 10 * MINUTES)

  test.each(pins)('Envoy $minor: nothing that we accept is refused', ({ minor }) => {
    const own = judged.filter((one) => one.minor === minor)
    expect(own.length).toBeGreaterThan(5000)
    const accepted = own.filter(({ ours }) => ours.length === 0)
    expect(accepted.length).toBeGreaterThan(1000)
    expect(accepted.filter(({ theirs }) => theirs !== undefined)).toEqual([])
  })

  test('where we are stricter is in the table, and the table says no more', () => {
    expect(examples(judged, classes(table.go))).toEqual([])
    expect(found(judged)).toEqual(classes(table.go))
  })
})

async function withVerdicts(
  questions: readonly Question[],
  minor: string,
): Promise<readonly { readonly question: Question; readonly ours: readonly Violation[] }[]> {
  return Promise.all(questions.map(async (question) => ({ question, ours: await ask(question, minor) })))
}

const provable = cppRules().filter(({ isContrib: contrib, isLate }) => contrib !== true && isLate !== true)

describe('real Envoys', () => {
  const handMade: Judged[] = []
  const changed: Judged[] = []

  beforeAll(async () => {
    for (const pin of pins) {
      const envoy = await openEnvoy(pin)
      const asWritten = configs.map((from): Question => ({ from, change: 'hand-made', config: from.config }))
      const own = await judgeAll(envoy, pin.minor, asWritten)
      handMade.push(...own)
      const sound = own.filter(({ ours, theirs }) => ours.length === 0 && theirs === undefined).map(({ name }) => name)
      const valid = configs.filter(({ name }) => sound.includes(name))
      changed.push(
        ...(await judgeAll(
          envoy,
          pin.minor,
          valid.flatMap((from) => mutants(from, 15)),
        )),
      )
      envoy.save()
    }
  }, 30 * MINUTES)

  test.each(pins)('Envoy $binary judged enough', ({ minor }) => {
    expect(handMade.filter((one) => one.minor === minor).length).toBeGreaterThanOrEqual(100)
    const mutated = changed.filter((one) => one.minor === minor)
    expect(mutated.length).toBeGreaterThanOrEqual(1000)
    expect(mutated.filter(({ theirs }) => theirs === undefined).length).toBeGreaterThan(100)
    expect(mutated.filter(({ theirs }) => theirs !== undefined).length).toBeGreaterThan(100)
  })

  test('hand-made configs: every difference is in the table, and the table says no more', () => {
    const contrib = new Set(configs.filter(isContrib).map(({ name }) => name))
    const different = handMade
      .filter(({ name, ours, theirs }) => !contrib.has(name) && (ours.length === 0) !== (theirs === undefined))
      .map(({ minor, name, ours }) => `${ours.length === 0 ? 'accept' : 'refuse'} ${name} on ${minor}`)
    const known = table.configs.flatMap(({ we, names, minors }) =>
      names.flatMap((name) => (minors ?? pins.map((pin) => pin.minor)).map((minor) => `${we} ${name} on ${minor}`)),
    )
    expect([...different].sort()).toEqual([...known].sort())
  })

  test('mutations: every difference is in the table, and the table says no more', () => {
    expect(examples(changed, classes(table.envoy))).toEqual([])
    expect(found(changed)).toEqual(classes(table.envoy))
  })

  test.each([...new Map(provable.map(({ name, envoy }) => [name, envoy]))])('%s: Envoy says "%s"', (name, envoy) => {
    const said = handMade
      .filter(({ ours }) => ours.some(({ rule }) => rule === `envoy:${name}`))
      .flatMap(({ theirs }) => theirs ?? [])
    expect(said.filter((text) => text.replaceAll(/\s+/g, ' ').includes(envoy))).not.toEqual([])
  })
})

/** Two at a time: a machine for tests has at least two cores, and an Envoy that validates uses one. */
async function judgeAll(envoy: Envoy, minor: string, questions: readonly Question[]): Promise<readonly Judged[]> {
  const judged: Judged[] = []
  const waiting = [...questions.entries()]
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [i, question] = next
      const { from, change, config } = question
      const theirs = await envoy.judge(from.kind === 'filter' ? bootstrap([config]) : bootstrap([], [config]))
      judged[i] = { minor, name: from.name, change, config, ours: await ask(question, minor), theirs }
    }
  }
  await Promise.all([work(), work()])
  return judged
}
