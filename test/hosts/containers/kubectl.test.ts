import { expect, it } from 'vitest'
import { envoyFilters, expectedFilters } from '../envoy-filters.ts'
import { host } from '../host.ts'
import { addResource, broken } from '../repository.ts'
import { type Finished, run } from '../run.ts'
import { kustomizationWithImage } from './container-function.ts'

function build(folder: string): Promise<Finished> {
  return run(host('kubectl'), ['kustomize', '--enable-alpha-plugins', folder])
}

it('kubectl kustomize gives the same EnvoyFilters', async () => {
  const folder = kustomizationWithImage()

  const { code, stdout } = await build(folder)

  expect(code).toBe(0)
  expect(envoyFilters(stdout)).toEqual(await expectedFilters(folder))
})

it('kubectl kustomize fails on bad input with the errors on stderr, and prints nothing', async () => {
  const folder = kustomizationWithImage()
  addResource(folder, 'refunds.yaml', broken)

  const { code, stdout, stderr } = await build(folder)

  expect(stderr).toMatch(/error: .*refunds.*70000/)
  expect(stdout).toBe('')
  expect(code).toBe(1)
})
