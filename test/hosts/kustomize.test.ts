import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { awkwardObject, awkwardObjects, awkwardPackage } from './awkward-package.ts'
import { envoyFilters, expectedFilters } from './envoy-filters.ts'
import { host } from './host.ts'
import { addResource, broken, bulk, edit, extra, foreign, removeResource, repository } from './repository.ts'
import { type Finished, run } from './run.ts'

const transformers =
  '# Not `validators:`, which kustomize fails for every KRM function.\ntransformers:\n  - dubbo.yaml\n'

function build(folder: string, ...flags: readonly string[]): Promise<Finished> {
  return run(host('kustomize'), ['build', ...flags, folder])
}

function buildWithExec(folder: string): Promise<Finished> {
  return build(folder, '--enable-alpha-plugins', '--enable-exec')
}

/** The documents of a build without those that are EnvoyFilters. */
function others(output: string): readonly string[] {
  return output.split(/^---\n/m).filter((document) => !document.includes('kind: EnvoyFilter'))
}

/** What kustomize prints for the package when no function takes part. */
async function withoutFunction(folder: string): Promise<string> {
  edit(join(folder, 'kustomization.yaml'), transformers, '')
  const { code, stdout } = await build(folder)
  expect(code).toBe(0)
  return stdout
}

describe('transformers', () => {
  it('add the EnvoyFilters of the example as it stands, and change no other document', async () => {
    const { folder } = repository()
    addResource(folder, 'foreign.yaml', foreign)

    const { code, stdout } = await buildWithExec(folder)

    expect(code).toBe(0)
    expect(envoyFilters(stdout)).toEqual(await expectedFilters(folder))
    expect(others(stdout)).toEqual(others(await withoutFunction(folder)))
  })

  it("leave no annotation of the functions' own wire in the output", async () => {
    const { folder } = repository()

    const { stdout } = await buildWithExec(folder)

    expect(stdout).toContain('kind: EnvoyFilter')
    expect(stdout).not.toMatch(/config\.kubernetes\.io\/(path|index)/)
  })

  it('fail on bad input with the errors on stderr, and print nothing', async () => {
    const { folder } = repository()
    addResource(folder, 'refunds.yaml', broken)

    const { code, stdout, stderr } = await buildWithExec(folder)

    expect(stderr).toMatch(/error: .*refunds.*70000/)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  it('show warnings on stderr, as kustomize shows no results', async () => {
    const { folder } = repository()
    edit(join(folder, 'mesh-profile.yaml'), '[dubbo-proxy-crash]', '[]')

    const { code, stderr } = await buildWithExec(folder)

    expect(code).toBe(0)
    expect(stderr).toMatch(/warning: .*dubbo-proxy-crash/)
  })

  it('keep all objects of a list of more than two megabytes', async () => {
    const { folder } = repository()
    addResource(folder, 'bulk.yaml', bulk())

    const { code, stdout } = await buildWithExec(folder)

    expect(code).toBe(0)
    expect(envoyFilters(stdout)).toEqual(await expectedFilters(folder))
    expect(others(stdout)).toEqual(others(await withoutFunction(folder)))
    expect(stdout.match(/^ {2}name: bulk-/gm)).toHaveLength(200)
  })

  it('regenerate the EnvoyFilters that an earlier build wrote, and drop those of services that are gone', async () => {
    const { folder } = repository()
    const expected = await expectedFilters(folder)
    addResource(folder, 'returns.yaml', extra)
    const { stdout } = await buildWithExec(folder)
    expect(envoyFilters(stdout).length).toBeGreaterThan(expected.length)
    const generated = stdout.split(/^---\n/m).filter((document) => document.includes('kind: EnvoyFilter'))
    addResource(folder, 'generated.yaml', generated.join('---\n'))
    removeResource(folder, 'returns.yaml')

    const again = await buildWithExec(folder)

    expect(again.code).toBe(0)
    expect(envoyFilters(again.stdout)).toEqual(expected)
  })
})

describe('generators', () => {
  it('add nothing and break nothing, as kustomize gives a generator no objects', async () => {
    const { folder } = repository()
    edit(join(folder, 'kustomization.yaml'), 'transformers:', 'generators:')

    const { code, stdout } = await buildWithExec(folder)

    expect(code).toBe(0)
    edit(join(folder, 'kustomization.yaml'), 'generators:', 'transformers:')
    expect(stdout).toBe(await withoutFunction(folder))
  })
})

describe('limits of kustomize that the documentation names', () => {
  it('skips exec functions silently without --enable-exec', async () => {
    const { folder } = repository()

    const { code, stdout, stderr } = await build(folder, '--enable-alpha-plugins')

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(envoyFilters(stdout)).toEqual([])
    expect(others(stdout).length).toBeGreaterThan(1)
  })

  it('fails any function under validators:, even one that echoes its input', async () => {
    const { folder } = repository()
    edit(join(folder, 'kustomization.yaml'), 'transformers:', 'validators:')
    edit(join(folder, 'dubbo.yaml'), '../../dist/dubbo.mjs', '/bin/cat')

    const { code, stderr } = await buildWithExec(folder)

    expect(stderr).toContain("validator shouldn't modify the resource map")
    expect(code).toBe(1)
  })
})

it('kustomize reads every awkward string as the emitter means it', async () => {
  const { code, stdout } = await build(awkwardPackage())

  expect(code).toBe(0)
  expect(awkwardObjects(stdout)).toEqual([awkwardObject])
})
