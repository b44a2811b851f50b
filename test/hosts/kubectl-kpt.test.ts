import { join } from 'node:path'
import { expect, it } from 'vitest'
import { envoyFilters, expectedFilters } from './envoy-filters.ts'
import { host } from './host.ts'
import { addResource, broken, edit, repository } from './repository.ts'
import { type Finished, run, succeed } from './run.ts'

/** `kubectl kustomize <folder> | kpt fn eval - --exec <function> -o unwrap`: exec functions for people who have kubectl alone. */
async function pipeline(root: string): Promise<Finished> {
  const built = await succeed(host('kubectl'), ['kustomize', 'examples/dubbo'], { cwd: root })
  const evaluate = ['fn', 'eval', '-', '--exec', 'dist/dubbo.mjs', '-o', 'unwrap', '--truncate-output=false']
  return run(host('kpt'), evaluate, { cwd: root, input: built })
}

it('gives the same EnvoyFilters', async () => {
  const { root, folder } = repository()
  edit(join(folder, 'kustomization.yaml'), 'transformers:\n  - dubbo.yaml\n', '')

  const { code, stdout } = await pipeline(root)

  expect(code).toBe(0)
  expect(envoyFilters(stdout)).toEqual(await expectedFilters(folder))
})

it('fails on bad input and shows the error', async () => {
  const { root, folder } = repository()
  edit(join(folder, 'kustomization.yaml'), 'transformers:\n  - dubbo.yaml\n', '')
  addResource(folder, 'refunds.yaml', broken)

  const { code, stderr } = await pipeline(root)

  expect(stderr).toMatch(/\[error\].*refunds.*70000/)
  expect(code).toBe(1)
})
