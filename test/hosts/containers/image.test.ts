import { spawn } from 'node:child_process'
import { once } from 'node:events'
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

it('ends on SIGTERM, though it is the first process, which ignores the signals it does not handle', async () => {
  const name = `meltemi-test-${process.pid}`
  const child = spawn('docker', ['run', '--rm', '-i', '--name', name, inject('image')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    await run('docker', ['rm', '--force', name])
  })
  const closed = once(child, 'close')
  await running(name)
  // The container runs before the program in it has started.
  await delay(1000)

  await succeed('docker', ['kill', '--signal', 'TERM', name])

  const [code] = await Promise.race([closed, delay(10_000, ['still running'])])
  expect(code).toBe(143)
})

async function running(name: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { stdout } = await run('docker', ['inspect', '--format', '{{.State.Running}}', name])
    if (stdout.trim() === 'true') return
    await delay(100)
  }
  throw new Error(`${name} does not start`)
}
