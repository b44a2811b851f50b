import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, inject, it, onTestFinished } from 'vitest'
import { listOf } from '../envoy-filters.ts'
import { addResource, broken, bulk, bundle, repository } from '../repository.ts'
import { type Finished, run, succeed } from '../run.ts'

/** As kpt and kustomize run images, and on a read-only root besides. */
function container(input: string): Promise<Finished> {
  const confined = ['--network', 'none', '--user', 'nobody', '--security-opt=no-new-privileges', '--read-only']
  return run('docker', ['run', '--rm', '-i', ...confined, inject('image')], { input })
}

function list(...resources: readonly string[]): string {
  const { folder } = repository()
  for (const [index, text] of resources.entries()) addResource(folder, `added-${index}.yaml`, text)
  return listOf(folder)
}

it('answers as the bundle does, as nobody, without network, on a read-only root', async () => {
  for (const input of [list(), list(broken), list(bulk()), 'kind: Other']) {
    const alone = await run(bundle, [], { input })

    expect(await container(input)).toEqual(alone)
  }
})

it('is nobody by its own choice, too', async () => {
  const [{ Config: config }] = JSON.parse(await succeed('docker', ['image', 'inspect', inject('image')]))

  expect(config.User).toBe('65534:65534')
})

it('says its help without an input, as kpt fn doc asks for it', async () => {
  const help = await succeed('docker', ['run', '--rm', inject('image'), '--help'])

  expect(help).toBe(await succeed(bundle, ['--help']))
})

it('carries the licences of what it holds', async () => {
  const cat = ['run', '--rm', '--entrypoint', 'cat', inject('image')]

  expect(await succeed('docker', [...cat, '/LICENSE'])).toContain('Apache License')
  expect(await succeed('docker', [...cat, '/THIRD-PARTY-NOTICES.txt'])).toMatch(/^js-yaml \d[\s\S]*MIT/m)
})

it('ends on SIGTERM, though it is the first process, which ignores the signals it does not handle', async () => {
  const name = `meltemi-test-${process.pid}`
  const child = spawn('docker', ['run', '--rm', '-i', '--name', name, inject('image')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    await run('docker', ['rm', '--force', name])
  })
  let code: unknown = 'still running'
  child.once('close', (ended) => {
    code = ended
  })
  // The container runs before the program in it has come to listen to signals, so one may be lost.
  for (let attempt = 0; attempt < 40 && code === 'still running'; attempt += 1) {
    await run('docker', ['kill', '--signal', 'TERM', name])
    await delay(500)
  }

  expect(code).toBe(143)
})
