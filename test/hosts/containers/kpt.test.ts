import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { envoyFiltersIn, expectedFilters } from '../envoy-filters.ts'
import { host } from '../host.ts'
import { addResource, broken, edit, filesOf, foreign, type Repository, repository } from '../repository.ts'
import { run } from '../run.ts'

/** The example with the image in its Kptfile instead of the executable. */
function withImage(): Repository {
  const copy = repository()
  edit(join(copy.folder, 'Kptfile'), 'exec: dist/dubbo.mjs', `image: ${inject('image')}`)
  return copy
}

it('kpt fn render gives the same EnvoyFilters', async () => {
  const { root, folder } = withImage()
  const expected = await expectedFilters(folder)

  const { code, stderr } = await run(host('kpt'), ['fn', 'render', 'examples/dubbo'], { cwd: root })

  expect(stderr).toContain(`[PASS] "${inject('image')}"`)
  expect(code).toBe(0)
  expect(envoyFiltersIn(folder)).toEqual(expected)
})

it('kpt fn render shows the errors of bad input, fails, and leaves the disk as it was', async () => {
  const { root, folder } = withImage()
  addResource(folder, 'refunds.yaml', broken)
  const before = filesOf(folder)

  const { code, stderr } = await run(host('kpt'), ['fn', 'render', 'examples/dubbo'], { cwd: root })

  expect(stderr).toMatch(/\[error\].*ServiceEntry\/shop\/refunds spec\.ports\[0\]\.number: .*70000/)
  expect(code).toBe(1)
  expect(filesOf(folder)).toEqual(before)
})

it('kpt fn eval gives the same EnvoyFilters, and the same files as without a container', async () => {
  const executed = repository()
  const contained = repository()
  for (const { folder } of [executed, contained]) addResource(folder, 'foreign.yaml', foreign)
  const evaluate = ['fn', 'eval', 'examples/dubbo']

  const byExec = await run(host('kpt'), [...evaluate, '--exec', 'dist/dubbo.mjs'], { cwd: executed.root })
  const byImage = await run(host('kpt'), [...evaluate, '--image', inject('image')], { cwd: contained.root })

  expect([byExec.code, byImage.code]).toEqual([0, 0])
  expect(envoyFiltersIn(contained.folder)).toEqual(await expectedFilters(repository().folder))
  expect(filesOf(contained.folder)).toEqual(filesOf(executed.folder))
})
