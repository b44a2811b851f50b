import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { envoyFilters, envoyFiltersIn, expectedFilters, objectsOf } from './envoy-filters.ts'
import { host } from './host.ts'
import {
  addResource,
  broken,
  bulk,
  bundle,
  edit,
  extra,
  filesOf,
  foreign,
  removeResource,
  repository,
  temporaryFolder,
} from './repository.ts'
import { type Finished, run, succeed } from './run.ts'

const untruncated = '--truncate-output=false'

function render(root: string, ...args: readonly string[]): Promise<Finished> {
  return run(host('kpt'), ['fn', 'render', 'examples/dubbo', '--allow-exec', untruncated, ...args], { cwd: root })
}

function evaluate(root: string, program: string, ...args: readonly string[]): Promise<Finished> {
  return run(host('kpt'), ['fn', 'eval', 'examples/dubbo', '--exec', program, untruncated, ...args], { cwd: root })
}

/** The files that are neither EnvoyFilters nor kpt's own results. */
function others(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(filesOf(folder)).filter(([, text]) => !text.includes('kind: EnvoyFilter')))
}

describe('kpt fn render', () => {
  it('writes the EnvoyFilters of the example as it stands, and leaves every other byte', async () => {
    const { root, folder } = repository()
    addResource(folder, 'foreign.yaml', foreign)
    const expected = await expectedFilters(folder)
    const untouched = await formattedByKpt(folder, root)

    const { code, stderr } = await render(root)

    expect(stderr).toContain('[PASS] "dist/dubbo.mjs"')
    expect(code).toBe(0)
    expect(envoyFiltersIn(folder)).toEqual(expected)
    expect(others(folder)).toEqual(untouched)
  })

  it('changes nothing when it runs again', async () => {
    const { root, folder } = repository()
    expect((await render(root)).code).toBe(0)
    const first = filesOf(folder)

    expect((await render(root)).code).toBe(0)

    expect(filesOf(folder)).toEqual(first)
  })

  it('drops the EnvoyFilters of a service that is gone, with their files', async () => {
    const { root, folder } = repository()
    const expected = await expectedFilters(folder)
    addResource(folder, 'returns.yaml', extra)
    expect((await render(root)).code).toBe(0)
    expect(envoyFiltersIn(folder).length).toBeGreaterThan(expected.length)
    removeResource(folder, 'returns.yaml')

    expect((await render(root)).code).toBe(0)

    expect(envoyFiltersIn(folder)).toEqual(expected)
    expect(Object.keys(filesOf(folder)).filter((path) => path.includes('returns'))).toEqual([])
  })

  it('shows the errors of bad input with their place, fails, and leaves the disk as it was', async () => {
    const { root, folder } = repository()
    addResource(folder, 'refunds.yaml', broken)
    const before = filesOf(folder)

    const { code, stderr } = await render(root)

    expect(stderr).toMatch(/\[error\].*ServiceEntry\/shop\/refunds spec\.ports\[0\]\.number: .*70000/)
    expect(code).toBe(1)
    expect(filesOf(folder)).toEqual(before)
  })

  it('saves the results that it shows', async () => {
    const { root, folder } = repository()
    edit(join(folder, 'mesh-profile.yaml'), '[dubbo-proxy-crash]', '[]')
    const results = temporaryFolder()

    const { stderr } = await render(root, '--results-dir', results)

    expect(stderr).toMatch(/\[warning\].*dubbo-proxy-crash/)
    const saved = readFileSync(join(results, 'results.yaml'), 'utf8')
    expect(saved).toContain('severity: warning')
    expect(saved).toContain('dubbo-proxy-crash')
  })
})

describe('kpt fn eval', () => {
  it('gives the same EnvoyFilters, and does to the other files what kpt itself does', async () => {
    const { root, folder } = repository()
    addResource(folder, 'foreign.yaml', foreign)
    const expected = await expectedFilters(folder)
    const untouched = await formattedByKpt(folder, root)

    const { code } = await evaluate(root, 'dist/dubbo.mjs')

    expect(code).toBe(0)
    expect(envoyFiltersIn(folder)).toEqual(expected)
    expect(others(folder)).toEqual(untouched)
  })

  it('reads a functionConfig from a file and from key=value', async () => {
    const { root, folder } = repository()
    writeFileSync(
      join(root, 'config.yaml'),
      'apiVersion: meltemi.dev/v1alpha1\nkind: Dubbo\nmetadata: {name: c}\nspec: {inbound: true}\n',
    )
    const outbound = (await expectedFilters(folder)).length

    expect((await evaluate(root, 'dist/dubbo.mjs', '--fn-config', 'config.yaml')).code).toBe(0)
    const byFile = envoyFiltersIn(folder)
    expect((await evaluate(root, 'dist/dubbo.mjs', '--', 'inbound=true')).code).toBe(0)

    expect(byFile.length).toBeGreaterThan(outbound)
    expect(envoyFiltersIn(folder)).toEqual(byFile)
  })

  it('refuses a key that the function does not know', async () => {
    const { root, folder } = repository()
    const before = filesOf(folder)

    const { code, stderr } = await evaluate(root, 'dist/dubbo.mjs', '--', 'inbond=true')

    expect(stderr).toMatch(/\[error\].*inbond/)
    expect(stderr).toMatch(/`inbound`/)
    expect(code).toBe(1)
    expect(filesOf(folder)).toEqual(before)
  })

  it('keeps all objects of a list of more than two megabytes', async () => {
    const { root, folder } = repository()
    addResource(folder, 'bulk.yaml', bulk())
    const expected = await expectedFilters(folder)

    expect((await evaluate(root, 'dist/dubbo.mjs')).code).toBe(0)

    expect(filesOf(folder)['bulk.yaml']).toBe(bulk())
    expect(envoyFiltersIn(folder)).toEqual(expected)
  })

  it('loses nothing when its selectors match nothing', async () => {
    const { root, folder } = repository()
    const before = filesOf(folder)

    const { code } = await evaluate(root, 'dist/dubbo.mjs', '--match-kind', 'Nothing')

    expect(code).toBe(0)
    expect(filesOf(folder)).toEqual(before)
  })
})

describe('kpt fn source | function | kpt fn sink', () => {
  it('gives the same EnvoyFilters and objects', async () => {
    const { root, folder } = repository()
    const list = await succeed(host('kpt'), ['fn', 'source', 'examples/dubbo'], { cwd: root })
    const output = await succeed(bundle, [], { input: list })
    const sunk = join(temporaryFolder(), 'sunk')

    await succeed(host('kpt'), ['fn', 'sink', sunk], { input: output })

    expect(envoyFiltersIn(sunk)).toEqual(await expectedFilters(folder))
    // kpt carries objects only: what a package says in prose stays behind, with any function or none.
    const carried = Object.keys(filesOf(folder)).filter((name) => !name.endsWith('.md'))
    expect(Object.keys(others(sunk))).toEqual(carried)
    expect(objectsOf(output).filter(({ kind }) => kind !== 'EnvoyFilter')).toEqual(objectsOf(list))
  })

  it('leaves every item of the list byte for byte', async () => {
    const { root, folder } = repository()
    addResource(folder, 'foreign.yaml', foreign)
    const list = await succeed(host('kpt'), ['fn', 'source', 'examples/dubbo'], { cwd: root })

    const output = await succeed(bundle, [], { input: list })

    expect(envoyFilters(output).length).toBeGreaterThan(0)
    expect(output.startsWith(list.trimEnd())).toBe(true)
  })

  it('prints the whole list and fails when the input is bad, for a shell with pipefail to see', async () => {
    const { root, folder } = repository()
    addResource(folder, 'refunds.yaml', broken)
    const list = await succeed(host('kpt'), ['fn', 'source', 'examples/dubbo'], { cwd: root })

    const { code, stdout, stderr } = await run(bundle, [], { input: list })

    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: .*refunds.*70000/m)
    expect(objectsOf(stdout).filter(({ kind }) => kind !== 'EnvoyFilter')).toEqual(objectsOf(list))
  })
})

/** What kpt makes of the files by reading and writing them: it re-indents some lists whatever the function does. */
async function formattedByKpt(folder: string, root: string): Promise<Readonly<Record<string, string>>> {
  const original = filesOf(folder)
  await succeed(host('kpt'), ['fn', 'eval', 'examples/dubbo', '--exec', 'cat'], { cwd: root })
  const formatted = filesOf(folder)
  for (const [path, text] of Object.entries(original)) writeFileSync(join(folder, path), text)
  return formatted
}
