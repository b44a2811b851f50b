import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Protocol } from 'meltemi'
import { missingParts } from 'meltemi/testing'
import { describe, expect, test } from 'vitest'
import { functionNames } from '../scripts/functions.ts'
import { importsOf, isTest, root, type SourceFile, sourceFiles, targetOf } from './architecture/imports.ts'

const source = sourceFiles('src')
const functions = sourceFiles('functions')
const shipped = [...source, ...functions.filter(({ path }) => !isTraffic(path))].filter((file) => !isTest(file))

test('imports of every form are seen', () => {
  const text = `import 'a'
import b from 'b'
import {
  c,
  type C,
} from 'c'
import * as d from 'd'
import type { E } from 'e'
export { f } from 'f'
export * from 'g'
// import h from 'h'
/** import i from 'i' */
const text = 'import j from "j"'
const k = await import('k')
type L = import('l').L
export const m = 'm'
`
  expect(importsOf(text)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'k', 'l'])
})

test('the files are seen', () => {
  expect(source.map(({ path }) => path)).toContain('src/krm/outcome.ts')
  expect(functions.map(({ path }) => path)).toContain('functions/dubbo/index.ts')
  expect(source.every(({ imports, text }) => imports.length > 0 || !/^import /m.test(text))).toBe(true)
})

describe('a folder imports only from those before it', () => {
  const ORDER = ['src/krm', 'src/istio', 'src/mesh', 'src/envoy', 'src/envoyfilter', 'src/sdk']

  /** The folder's rank; code outside the chain has none: the entries, the command line and the test kit see all of `src`. */
  function rank(path: string): number {
    return ORDER.findIndex((folder) => path.startsWith(`${folder}/`))
  }

  test.each(ORDER)('%s', (folder) => {
    const wrong = source
      .filter((file) => file.path.startsWith(`${folder}/`) && !isTest(file))
      .flatMap((file) => relativeImports(file).map((target) => ({ from: file.path, target })))
      .filter(({ from, target }) => target.startsWith('src/') && (rank(target) === -1 || rank(target) > rank(from)))
    expect(wrong).toEqual([])
  })

  test('functions know the package by its name, and their own folder', () => {
    const wrong = shipped
      .filter(({ path }) => path.startsWith('functions/'))
      .flatMap((file) => file.imports.map((name) => ({ from: file.path, name, target: targetOf(file, name) })))
      .filter(({ from, name, target }) => {
        const own = from.split('/').slice(0, 2).join('/')
        return target === undefined ? name !== 'meltemi' : !target.startsWith(`${own}/`)
      })
    expect(wrong.map(({ from, name }) => `${from} imports ${name}`)).toEqual([])
  })

  test('nothing shipped imports what is not: tests, scripts, a function', () => {
    const wrong = source
      .filter((file) => !isTest(file))
      .flatMap((file) => relativeImports(file).map((target) => ({ from: file.path, target })))
      .filter(({ target }) => !/^(src|schemas)\//.test(target))
    expect(wrong).toEqual([])
  })
})

describe('each package of others has one home', () => {
  /** Where a package may be imported; a path ending in `/` is a folder. */
  const HOMES: Readonly<Record<string, readonly string[]>> = {
    yaml: ['src/krm/', 'src/testkit/'],
    'js-yaml': ['src/krm/'],
    'fastest-levenshtein': ['src/krm/suggest.ts'],
    'io-ts': ['src/istio/'],
    'fp-ts/Either': ['src/istio/'],
    'fp-ts/These': ['src/krm/outcome.ts'],
    'fp-ts/ReaderTaskEither': ['src/sdk/run.ts'],
    'fp-ts/function': ['src/sdk/run.ts'],
    re2js: ['src/envoy/'],
    'kpt-functions': ['src/kpt.ts'],
    vitest: ['src/testkit/'],
    'fast-check': ['src/testkit/'],
    'node:process': ['src/cli/', 'src/testkit/'],
    'node:fs': ['src/cli/', 'src/testkit/'],
    'node:path': ['src/cli/', 'src/testkit/'],
    'node:os': ['src/testkit/'],
  }

  test('and is imported nowhere else', () => {
    const wrong = shipped.flatMap(({ path, imports }) =>
      imports
        .filter((name) => !name.startsWith('.') && name !== 'meltemi')
        .filter((name) => !HOMES[name]?.some((home) => (home.endsWith('/') ? path.startsWith(home) : path === home)))
        .map((name) => `${path} imports ${name}`),
    )
    expect(wrong).toEqual([])
  })

  test('which still holds it', () => {
    const isUsed = (name: string, home: string) =>
      shipped.some(({ path, imports }) => path.startsWith(home) && imports.includes(name))
    const left = Object.entries(HOMES).flatMap(([name, homes]) =>
      homes.filter((home) => !isUsed(name, home)).map((home) => `${name} in ${home}`),
    )
    expect(left).toEqual([])
  })

  test('the heavy ones are loaded when they are needed: they would double the start-up', () => {
    const heavy = ['yaml', 're2js']
    const wrong = shipped
      .filter(({ path }) => !path.startsWith('src/testkit/'))
      .filter(({ text }) => heavy.some((name) => new RegExp(`^import (?!type\\b).*'${name}'`, 'm').test(text)))
    // A file that is itself loaded on demand may import them.
    const onDemand = source.flatMap(({ text }) =>
      [...text.matchAll(/import\('\.\/([^']+)'\)/g)].map(([, name]) => name),
    )
    expect(wrong.map(({ path }) => path).filter((path) => !onDemand.some((name) => path.endsWith(`/${name}`)))).toEqual(
      [],
    )
  })

  test('the SDK needs nothing at run time that is not installed with it', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const packages = shipped
      .filter(({ path }) => !path.startsWith('src/testkit/') && path !== 'src/kpt.ts')
      .flatMap(({ imports }) => imports)
      .filter((name) => !/^(\.|node:|meltemi$)/.test(name))
      .map((name) => name.split('/')[0] ?? '')
    expect([...new Set(packages)].filter((name) => !(name in dependencies))).toEqual([])
  })
})

describe('a function is pure', () => {
  /** What makes the same input give other bytes, or loses output (`process.exit` cuts a pipe off). */
  const FORBIDDEN =
    /\b(process\.exit\(|Date\.now|new Date\b|Math\.random|localeCompare|toLocale\w+|Intl\.|fetch\(|require\(|process\.env)/

  const EDGE = 'src/sdk/run.ts'

  test('but for the end on SIGTERM, which nobody waits for', () => {
    const edge = source.find(({ path }) => path === EDGE)
    const exits = withoutComments(edge?.text ?? '').match(/.*process\.exit\(.*/g) ?? []
    expect(exits.map((line) => line.trim())).toEqual([expect.stringContaining("process.once('SIGTERM'")])
  })

  test.each(shipped.filter(({ path }) => !/^src\/(cli|testkit)\//.test(path) && path !== EDGE))('$path', ({ text }) => {
    expect(FORBIDDEN.exec(withoutComments(text))?.[0]).toBeUndefined()
  })
})

describe('files stay readable', () => {
  const MOST_LINES = 200

  /** Longer ones, each with its reason. */
  const LONGER: Readonly<Record<string, string>> = {
    'src/envoy/schema/walk.ts': 'one walk over a message and its descriptor, which reads as one',
  }

  test(`at most ${MOST_LINES} lines`, () => {
    const long = [...source, ...functions].filter((file) => !isTest(file) && lines(file) > MOST_LINES)
    expect(long.map(({ path }) => path).filter((path) => LONGER[path] === undefined)).toEqual([])
  })

  test('no reason is left for a file that is short again', () => {
    const short = [...source, ...functions].filter((file) => lines(file) <= MOST_LINES).map(({ path }) => path)
    expect(Object.keys(LONGER).filter((path) => short.includes(path) || !existsSync(join(root, path)))).toEqual([])
  })

  test('no file is named after nothing', () => {
    const vague = /(^|\/)(utils?|helpers?|common|misc|types|constants)(\.ts$|\/)/
    expect([...source, ...functions].map(({ path }) => path).filter((path) => vague.test(path))).toEqual([])
  })
})

describe('every function folder is complete', () => {
  test.each(functionNames())('%s', async (name) => {
    const folder = join(root, 'functions', name)
    const { default: protocol }: { default: Protocol } = await import(join(folder, 'index.ts'))
    expect(missingParts(protocol, folder)).toEqual([])
    const own = functions.find(({ path }) => path === `functions/${name}/${name}.test.ts`)
    expect(own?.text, `${name}.test.ts must call conformance`).toMatch(/^conformance\(/m)
    const main = functions.find(({ path }) => path === `functions/${name}/main.ts`)
    expect(main?.imports).toEqual(['meltemi', './index.ts'])
  })
})

function relativeImports(file: SourceFile): readonly string[] {
  return file.imports.map((name) => targetOf(file, name)).filter((target) => target !== undefined)
}

/** `functions/<protocol>/traffic` drives real clients and servers; it is no part of the function. */
function isTraffic(path: string): boolean {
  return /^functions\/[^/]+\/traffic\//.test(path)
}

function lines({ text }: SourceFile): number {
  return text.split('\n').length - 1
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
}
