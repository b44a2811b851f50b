import { join } from 'node:path'
import { expect, it } from 'vitest'
import { envoyFilters, expectedFilters } from '../envoy-filters.ts'
import { host } from '../host.ts'
import { addResource, broken, edit, repository } from '../repository.ts'
import { type Finished, run } from '../run.ts'
import { kustomizationWithImage } from './container-function.ts'

function build(folder: string, ...flags: readonly string[]): Promise<Finished> {
  return run(host('kustomize'), ['build', '--enable-alpha-plugins', ...flags, folder])
}

it('a transformer gives the same EnvoyFilters, and the same output as without a container', async () => {
  const folder = kustomizationWithImage()

  const { code, stdout } = await build(folder)

  expect(code).toBe(0)
  expect(envoyFilters(stdout)).toEqual(await expectedFilters(folder))
  expect(stdout).toBe((await build(repository().folder, '--enable-exec')).stdout)
})

it('a transformer fails on bad input with the errors on stderr, and prints nothing', async () => {
  const folder = kustomizationWithImage()
  addResource(folder, 'refunds.yaml', broken)

  const { code, stdout, stderr } = await build(folder)

  expect(stderr).toMatch(/error: .*refunds.*70000/)
  expect(stdout).toBe('')
  expect(code).toBe(1)
})

it('a generator adds nothing and breaks nothing, as kustomize gives it no objects', async () => {
  const folder = kustomizationWithImage()
  edit(join(folder, 'kustomization.yaml'), 'transformers:', 'generators:')
  const plain = repository().folder
  edit(join(plain, 'kustomization.yaml'), 'transformers:\n  - dubbo.yaml\n', '')

  const { code, stdout } = await build(folder)

  expect(code).toBe(0)
  expect(stdout).toBe((await build(plain)).stdout)
})
