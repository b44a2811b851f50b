import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
// The package's root replaces the global console, which the test runner needs.
import { Configs, type KubernetesObject } from 'kpt-functions/dist/src/types.js'
import { expect, test } from 'vitest'
import dubbo from '../functions/dubbo/index.ts'
import { asKptFunc } from './kpt.ts'
import { compare } from './krm/compare.ts'
import { view } from './testkit/view.ts'

const golden = join(import.meta.dirname, '../functions/dubbo/golden')
const func = asKptFunc(dubbo)

interface List {
  readonly items: KubernetesObject[]
  readonly functionConfig?: KubernetesObject
}

function input(name: string): List {
  // The goldens are ResourceLists; js-yaml's type says nothing.
  return load(readFileSync(join(golden, name, 'in.yaml'), 'utf8')) as List
}

/** What the process prints for the same list. */
function printed(name: string) {
  const seen = view(readFileSync(join(golden, name, 'out.yaml'), 'utf8'))
  if (typeof seen === 'string') throw new Error(seen)
  return { objects: seen.items.map(({ value }) => value), results: seen.results }
}

function sorted(values: readonly unknown[]): readonly string[] {
  return values.map((value) => JSON.stringify(value)).sort()
}

test.each(['defaults', 'versions', 'authorization', 'stale-outputs', 'broken-neighbour', 'inbound'])(
  '%s: the objects are those that the process prints',
  async (name) => {
    const { items, functionConfig } = input(name)
    const configs = new Configs(items, functionConfig)
    await func(configs)
    expect(sorted(configs.getAll())).toEqual(sorted(printed(name).objects))
  },
)

test('what was there stays the same reference', async () => {
  const { items, functionConfig } = input('versions')
  const configs = new Configs(items, functionConfig)
  const before = configs.getAll()
  await func(configs)
  expect(before.length).toBeGreaterThan(0)
  expect(before.filter((object) => !configs.getAll().includes(object))).toEqual([])
})

test('a second run changes nothing', async () => {
  const { items, functionConfig } = input('shared-port')
  const configs = new Configs(items, functionConfig)
  await func(configs)
  const once = sorted(configs.getAll())
  await func(configs)
  expect(sorted(configs.getAll())).toEqual(once)
})

test('results are spelt as that SDK has them, with the same addresses and messages', async () => {
  const { items, functionConfig } = input('loss-as-warning')
  const configs = new Configs(items, functionConfig)
  await func(configs)
  expect(configs.getResults().map(({ severity }) => severity)).toContain('warn')
  expect(configs.getResults().map(({ message }) => message)).toEqual(
    printed('loss-as-warning').results.map((result) => Object(result).message),
  )
  expect(configs.getResults()[0]).toMatchObject({
    resourceRef: { kind: expect.any(String), name: 'orders', namespace: 'shop' },
    field: { path: expect.stringMatching(/^spec\./) },
  })
})

test('a proposal is called a suggestion there', async () => {
  const { items, functionConfig } = input('missing-host')
  const configs = new Configs(items, functionConfig)
  await func(configs)
  expect(configs.getResults()).toContainEqual(
    expect.objectContaining({
      severity: 'error',
      field: expect.objectContaining({ currentValue: 'order.shop.dubbo', suggestedValue: 'orders.shop.dubbo' }),
    }),
  )
})

test('settings that are broken change nothing but the results', async () => {
  const { items, functionConfig } = input('config-typo')
  const configs = new Configs(items, functionConfig)
  await func(configs)
  expect(sorted(configs.getAll())).toEqual(sorted(items))
  expect(configs.getResults()).toContainEqual(expect.objectContaining({ severity: 'error' }))
})

test('it has a usage text', () => {
  expect(func.usage).toContain('dubbo')
})

test('the SDK runs it as a process of its own', { timeout: 30_000 }, () => {
  const root = join(import.meta.dirname, '..')
  const program = `
    import { run } from 'kpt-functions'
    import dubbo from './functions/dubbo/index.ts'
    import { asKptFunc } from './src/kpt.ts'
    await run(asKptFunc(dubbo))`
  const output = execFileSync(
    process.execPath,
    ['--import', 'tsx', '--conditions', 'meltemi-source', '--input-type', 'module', '--eval', program],
    { cwd: root, input: readFileSync(join(golden, 'versions/in.yaml')), encoding: 'utf8' },
  )
  const list = load(output) as List
  // It sorts the items, and writes both generations of the path's annotation.
  const byKind = (values: readonly unknown[]) => values.toSorted((a, b) => compare(Object(a).kind, Object(b).kind))
  expect(byKind(list.items)).toMatchObject(byKind(printed('versions').objects))
})
