import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readGolden } from 'meltemi/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../scripts/functions.ts'

/**
 * A built-in function in a repository of its own: the packed SDK is installed, and everything else is as docs/authoring.md
 * says it. What a built-in can do, a protocol outside can.
 */
const NAME = 'dubbo'
const folder = mkdtempSync(join(tmpdir(), 'meltemi-lift-out-'))
const outside = join(folder, 'outside')
const lifted = join(outside, NAME)

/** Runs node as a user's shell does, not as a worker of the test runner that calls us. Returns what it printed. */
function node(cwd: string, settings: NodeJS.ProcessEnv, ...args: readonly string[]): string {
  const { NODE_OPTIONS: _, VITEST: __, NODE_ENV: ___, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { ...env, ...settings },
  })
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stdout}${stderr}`)
  return stdout
}

/** Builds in a copy, so that the `dist` that other tests read is left alone, and packs what npm would publish. */
function packSdk(): string {
  const copy = join(folder, 'package')
  mkdirSync(copy)
  const parts = ['src', 'schemas', 'scripts', 'README.md', 'package.json', 'tsconfig.json', 'tsconfig.build.json']
  // The other functions are no part of the library.
  for (const name of [...parts, `functions/${NAME}`]) cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  node(copy, {}, '--import', 'tsx', 'scripts/build.ts')
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: copy, stdio: 'pipe' })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack left no file')
  return join(folder, tarball)
}

function install(tarball: string): void {
  const modules = join(outside, 'node_modules')
  mkdirSync(join(modules, 'meltemi'), { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', join(modules, 'meltemi'), '--strip-components=1'])
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== 'meltemi') symlinkSync(join(root, 'node_modules', name), join(modules, name))
}

function liftOut(): void {
  cpSync(join(root, 'functions', NAME), lifted, {
    recursive: true,
    filter: (path) => !/\/(generated|traffic)$/.test(path),
  })
  writeFileSync(join(outside, 'package.json'), JSON.stringify({ name: 'outside', private: true, type: 'module' }))
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'))
  const { customConditions: _, ...options } = compilerOptions
  writeFileSync(join(outside, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...options, noEmit: true } }))
  const [, recipe] =
    /```js\n(\/\/ build\.mjs[\s\S]*?)```/.exec(readFileSync(join(root, 'docs/authoring.md'), 'utf8')) ?? []
  if (recipe === undefined) throw new Error('docs/authoring.md has no build.mjs')
  writeFileSync(join(lifted, 'build.mjs'), recipe)
}

beforeAll(() => {
  install(packSdk())
  liftOut()
  node(lifted, {}, 'build.mjs')
}, 180_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a function outside the repository', () => {
  test('compiles against the types of the packed SDK', { timeout: 60_000 }, () => {
    expect(node(outside, {}, 'node_modules/typescript/bin/tsc', '-p', outside)).toBe('')
  })

  test('finds every entry of the package, by node alone', () => {
    const program =
      "for (const name of ['meltemi', 'meltemi/kpt']) console.log(Object.keys(await import(name)).length > 0)"
    expect(node(lifted, {}, '--input-type=module', '--eval', program)).toBe('true\ntrue\n')
  })

  test('is one file that prints what the built-in prints', { timeout: 60_000 }, () => {
    const { cases } = readGolden(lifted)
    const passing = cases.filter(({ output = '' }) => !output.includes('severity: error'))
    expect(passing.length).toBeGreaterThan(3)
    for (const { input, output } of passing.slice(0, 4)) {
      const bundle = join(lifted, `dist/${NAME}.mjs`)
      const printed = execFileSync(process.execPath, [bundle], { cwd: folder, input, encoding: 'utf8', stdio: 'pipe' })
      expect(printed).toBe(output)
    }
  })

  test('passes its conformance', { timeout: 180_000 }, () => {
    const report = join(folder, 'report.json')
    node(
      outside,
      { CI: 'true' },
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    )
    const { numFailedTests, numPassedTests } = JSON.parse(readFileSync(report, 'utf8'))
    const { cases } = readGolden(lifted)
    expect({ numFailedTests }).toEqual({ numFailedTests: 0 })
    expect(numPassedTests).toBeGreaterThan(cases.length * 13)
  })

  test('is red for a golden output that is missing or wrong, and does not write it', { timeout: 60_000 }, () => {
    const [missing, wrong] = ['defaults', 'weights'].map((name) => join(lifted, 'golden', name, 'out.yaml'))
    rmSync(missing ?? '')
    writeFileSync(wrong ?? '', 'kind: ResourceList\nitems: []\n')
    // As in CI, and as on a machine of an author, who must ask for it by `--update`.
    for (const CI of ['true', '']) {
      const red = () => node(outside, { CI }, 'node_modules/vitest/vitest.mjs', 'run', '-t', 'prints out.yaml')
      expect(red).toThrow(/defaults.*prints out\.yaml[\s\S]*weights.*prints out\.yaml/)
      expect(existsSync(missing ?? '')).toBe(false)
      expect(readFileSync(wrong ?? '', 'utf8')).toBe('kind: ResourceList\nitems: []\n')
    }
  })
})
