import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Protocol } from 'meltemi'
import { laws, missingParts, readGolden, subjectOf } from 'meltemi/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from './functions.ts'
import { writeProtocol } from './new-protocol/write.ts'

// Inside the package, so that `meltemi` is found by its own name.
let parent = ''

beforeAll(async () => {
  mkdirSync(join(root, '.cache'), { recursive: true })
  parent = mkdtempSync(join(root, '.cache/new-protocol-'))
  await writeProtocol('gossip', parent)
})

afterAll(() => rmSync(parent, { recursive: true }))

async function load(): Promise<Protocol> {
  const { default: protocol }: { default: Protocol } = await import(join(parent, 'gossip/index.ts'))
  return protocol
}

test('it compiles under the strict settings of the package', { timeout: 60_000 }, () => {
  const settings = { extends: join(root, 'tsconfig.json'), compilerOptions: { noEmit: true }, include: ['gossip'] }
  writeFileSync(join(parent, 'tsconfig.json'), JSON.stringify(settings))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', parent, '--listFiles'], { encoding: 'utf8' })
  const said = stdout.split('\n').filter((line) => line.includes('gossip/'))
  expect(said.map((line) => line.replace(/.*gossip\//, '')).sort()).toEqual([
    'config.ts',
    'filter.ts',
    'generated/config.d.ts',
    'generated/filter.d.ts',
    'gossip.test.ts',
    'index.ts',
    'main.ts',
  ])
})

test('it is red until a golden output is read and the texts are written', async () => {
  expect(missingParts(await load(), join(parent, 'gossip'))).toEqual([
    '`README.md` still has a TODO',
    'at least 3 golden cases are needed; there are 1',
    'at least one golden case must fail (a result with `severity: error`)',
  ])
  const { cases } = readGolden(join(parent, 'gossip'))
  expect(cases.map(({ name, output }) => ({ name, output }))).toEqual([{ name: 'basic', output: undefined }])
})

test('its case makes a filter for the port that asks for it, and keeps every law', async () => {
  const subject = subjectOf(await load())
  const input = readFileSync(join(parent, 'gossip/golden/basic/in.yaml'), 'utf8')
  const { output, exitCode } = await subject.run(input)
  expect(output).toContain('name: "240.240.0.10_7000"')
  expect(output).toContain('envoy.filters.network.gossip_proxy')
  expect(exitCode).toBe(0)
  for (const law of laws) expect(await law.violations(subject, input), law.name).toEqual([])
})

test('an existing folder and a name that no port could carry are refused', async () => {
  await expect(writeProtocol('gossip', parent)).rejects.toThrow('is there already')
  await expect(writeProtocol('Gossip-2', parent)).rejects.toThrow('lower-case')
})
