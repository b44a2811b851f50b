import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/functions.ts'
import { envoyFilters, expectedFilters, listOf, objectsOf } from './envoy-filters.ts'
import { addResource, broken, bulk, bundle, edit, foreign, repository, temporaryFolder } from './repository.ts'
import { run, succeed } from './run.ts'

function list(...resources: readonly string[]): string {
  const { folder } = repository()
  for (const [index, text] of resources.entries()) addResource(folder, `added-${index}.yaml`, text)
  return listOf(folder)
}

describe('the file', () => {
  it('runs alone, from any folder, by its name', async () => {
    const folder = temporaryFolder()
    const alone = join(folder, 'function')
    writeFileSync(alone, readFileSync(bundle), { mode: statSync(bundle).mode })

    const output = await succeed(alone, [], { input: list(), cwd: folder })

    expect(envoyFilters(output)).not.toEqual([])
  })

  it('holds the full YAML parser and RE2, which few inputs need', async () => {
    const { folder } = repository()
    const objects = JSON.parse(listOf(folder)).items.map((item: unknown) => JSON.stringify(item))
    const flow = `{apiVersion: config.kubernetes.io/v1, kind: ResourceList, items: [${objects.join(', ')}]}`
    edit(join(folder, 'virtual-services.yaml'), '(find|list).*', '(?=find).*')

    const parsed = await succeed(bundle, [], { input: flow })
    const { code, stderr } = await run(bundle, [], { input: listOf(folder) })

    expect(envoyFilters(parsed)).toEqual(await expectedFilters(repository().folder))
    expect(stderr).toMatch(/^error: VirtualService shop\/orders .*RE2/m)
    expect(code).toBe(1)
  })

  it("says its version, which is the package's", async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

    expect((await succeed(bundle, ['--version'])).trim()).toBe(`dubbo ${version}`)
  })

  it('says in --help what goes in and out, before it reads its input', async () => {
    const child = spawn(bundle, ['--help'], { stdio: ['pipe', 'pipe', 'inherit'] })
    let help = ''
    child.stdout.on('data', (chunk: Buffer) => {
      help += chunk.toString()
    })
    const [code] = await once(child, 'close')

    expect(code).toBe(0)
    expect(help).toContain('ResourceList')
    expect(help).toContain('stdin')
    expect(help).toContain('EnvoyFilter')
  })
})

describe('input and result depend on nothing else', () => {
  it.each([
    ['clock', 'Date.now()'],
    ['clock', 'new Date()'],
    ['environment', 'process.env.TZ'],
    ['randomness', 'Math.random()'],
    ['randomness', 'require("node:crypto").randomUUID()'],
    ['network', 'require("node:net").connect(1)'],
    ['network', 'fetch("http://localhost")'],
    ['processes', 'require("node:child_process").spawnSync("true")'],
    ['files', 'require("node:fs").readFileSync("/etc/hostname")'],
  ])('(the poison works: %s, %s)', async (kind, code) => {
    const { stderr } = await run(process.execPath, ['--import', poison(kind), '--eval', code])

    expect(stderr).toContain('poisoned: ')
  })

  it.each(['clock', 'environment', 'randomness', 'network', 'processes', 'files'])('not on %s', async (kind) => {
    for (const input of [list(foreign), list(broken), JSON.stringify(list()), 'kind: Other', '']) {
      const plain = await run(process.execPath, [bundle], { input })
      const poisoned = await run(process.execPath, ['--import', poison(kind), bundle], { input })

      expect(poisoned).toEqual(plain)
    }
  })

  it('not on the time zone, the locale, the folder or the user', async () => {
    const input = list(foreign)
    const plain = await run(process.execPath, [bundle], { input })
    const env = {
      TZ: 'Asia/Kathmandu',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      HOME: '/nonexistent',
      FORCE_COLOR: '1',
    }

    const elsewhere = await run(process.execPath, [bundle], { input, env, cwd: '/' })

    expect(elsewhere).toEqual(plain)
    expect(plain.code).toBe(0)
  })

  function poison(kind: string): string {
    return `${pathToFileURL(join(import.meta.dirname, 'poison.mjs'))}?${kind}`
  }
})

describe('the streams', () => {
  it('give a slow reader all of two megabytes', async () => {
    const input = list(bulk())
    const child = spawn(bundle, { stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdin.end(input)
    let text = ''
    for await (const chunk of child.stdout) {
      text += chunk
      await delay(2)
    }

    expect(text.length).toBeGreaterThan(2_000_000)
    expect(objectsOf(text).filter(({ kind }) => kind === 'ConfigMap')).toHaveLength(200)
  })

  it('may be closed by a reader that has seen enough, without a stack trace', async () => {
    const child = spawn(bundle, { stdio: ['pipe', 'pipe', 'pipe'] })
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString()
    })
    child.stdout.once('data', () => child.stdout.destroy())
    child.stdin.end(list(bulk()))

    const [, signal] = await once(child, 'close')

    expect(signal).toBe(null)
    expect(complaint).toBe('')
  })

  it('may have no reader for the warnings: the list is whole and the exit code its own', async () => {
    const child = spawn(bundle, { stdio: ['pipe', 'pipe', 'pipe'] })
    child.stderr.destroy()
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    const unread = list().replaceAll('dubbo-proxy-crash', 'something-else')
    child.stdin.end(unread)

    const [code] = await once(child, 'close')

    expect((await run(bundle, [], { input: unread })).stderr).toMatch(/^warning: /)
    expect(objectsOf(text).length).toBeGreaterThan(0)
    expect(code).toBe(0)
  })

  it('may be a pipe that does not block and whose writer takes its time', async () => {
    // A Node that opens its stdin makes the pipe non-blocking for all that share it, and one that is killed leaves it so.
    const spoil = 'process.stdin; setTimeout(() => process.kill(process.pid, "SIGKILL"), 200)'
    const script = `"${process.execPath}" -e '${spoil}'; echo ready >&2; exec "${bundle}"`
    const child = spawn('sh', ['-c', script], { stdio: 'pipe' })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    const input = list(bulk())
    child.stdin.write(input.slice(0, 50_000))
    await once(child.stderr, 'data')
    await delay(500)
    child.stdin.write(input.slice(50_000))
    child.stdin.end()

    const [code] = await once(child, 'close')

    expect(code).toBe(0)
    expect(output).toBe(await succeed(bundle, [], { input }))
  })

  it('carry nothing when the input is no ResourceList, and the reason is on stderr', async () => {
    for (const input of ['', ' \n', 'a: [', 'just text', 'kind: Other', '[]']) {
      const { code, stdout, stderr } = await run(bundle, [], { input })

      expect({ input, code, stdout }).toEqual({ input, code: 1, stdout: '' })
      expect(stderr).toMatch(/^error: .+/)
    }
  })

  it('end at once on SIGTERM, with nothing half written', async () => {
    const child = spawn(bundle, { stdio: ['pipe', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.stdin.write(list(bulk()).slice(0, 100_000))
    await delay(300)
    child.kill('SIGTERM')

    const [code, signal] = await once(child, 'close')

    expect(signal === 'SIGTERM' || code === 143).toBe(true)
    expect(output).toBe('')
  })
})
