import { expect, it } from 'vitest'
import { awkwardObject, awkwardObjects, awkwardPackage } from './awkward-package.ts'
import { envoyFilters, objectsOf } from './envoy-filters.ts'
import { host } from './host.ts'
import { repository } from './repository.ts'
import { run } from './run.ts'

it('skips exec functions silently, so that only containers or a pipe work with kubectl', async () => {
  const { folder } = repository()

  const { code, stdout } = await run(host('kubectl'), ['kustomize', '--enable-alpha-plugins', folder])

  expect(code).toBe(0)
  expect(envoyFilters(stdout)).toEqual([])
  expect(objectsOf(stdout).map(({ kind }) => kind)).toContain('ServiceEntry')
})

it('reads every awkward string as the emitter means it', async () => {
  const { code, stdout } = await run(host('kubectl'), ['kustomize', awkwardPackage()])

  expect(code).toBe(0)
  expect(awkwardObjects(stdout)).toEqual([awkwardObject])
})
