import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { laws } from 'meltemi/testing'
import { expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import profile from '../schemas/mesh-profile.schema.json' with { type: 'json' }
import { functionNames, root } from '../scripts/functions.ts'

const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...below('docs', '.md').filter((path) => !path.startsWith('docs/envoy/')),
  ...functionNames().map((name) => `functions/${name}/README.md`),
  ...below('tools', '.md'),
]

const CODE: readonly string[] = ['src', 'scripts', 'test', 'tools', 'bench', 'functions'].flatMap((folder) =>
  below(folder, '.ts'),
)

function below(folder: string, end: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(end) && !/(^|\/)(generated|node_modules)\//.test(path))
    .map((path) => `${folder}/${path}`)
    .sort()
}

function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

test('a page links to what is there', () => {
  const broken = PAGES.flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^(https?:|#)/.test(target))
      .filter((target) => !existsSync(join(root, dirname(page), target.replace(/#.*/, ''))))
      .map((target) => `${page}: ${target}`),
  )
  expect(broken).toEqual([])
})

test('a link to a heading finds it', () => {
  const broken = PAGES.flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([^)\s#]*)#([^)\s]+)\)/g)]
      .filter(([, target = '']) => !target.startsWith('http'))
      .filter(([, target, heading = '']) => {
        const file = target === '' || target === undefined ? page : join(dirname(page), target)
        return !anchors(file).includes(heading)
      })
      .map(([, target, heading]) => `${page}: ${target}#${heading}`),
  )
  expect(broken).toEqual([])
})

/** As GitHub makes them. */
function anchors(page: string): readonly string[] {
  return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

test('a command that is named is a script of package.json', () => {
  const known = Object.keys(packageJson.scripts)
  const unknown = [...PAGES, ...CODE].flatMap((path) =>
    [...textOf(path).matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)]
      .filter(([, script = '']) => !known.includes(script))
      .map(([, script]) => `${path}: npm run ${script}`),
  )
  expect(unknown).toEqual([])
})

test('a file that is named exists', () => {
  const missing = PAGES.flatMap((page) =>
    [...textOf(page).matchAll(/`((?:src|functions|scripts|test|tools|schemas|docs|examples)\/[\w./-]+)`/g)]
      .map(([, path = '']) => path)
      .filter((path) => !existsSync(join(root, path)) && !path.startsWith('functions/gossip'))
      .map((path) => `${page}: ${path}`),
  )
  expect(missing).toEqual([])
})

test('the README has each field of the MeshProfile', () => {
  const { istio, proxy, ...others } = profile.properties.spec.properties
  const fields = [
    ...Object.keys(istio.properties).map((name) => `istio.${name}`),
    ...Object.keys(proxy.properties).map((name) => `proxy.${name}`),
    ...Object.keys(others),
  ]
  const [, table = ''] = /^\| `spec` field.*\n\|.*\n((?:\|.*\n)+)/m.exec(textOf('README.md')) ?? []
  const rows = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name)
  expect(rows.toSorted()).toEqual(fields.sort())
})

test('authoring.md has each law', () => {
  const [, table = ''] = /^\| law .*\n\|.*\n((?:\|.*\n)+)/m.exec(textOf('docs/authoring.md')) ?? []
  const rows = [...table.matchAll(/^\| (.*?) +\|/gm)].map(([, name]) => name)
  expect(rows).toEqual(laws.map(({ name }) => name))
})

test('architecture.md has each decision record', () => {
  const records = readdirSync(join(root, 'docs/adr'))
  const linked = [...textOf('docs/architecture.md').matchAll(/\(adr\/([\w.-]+)\)/g)].map(([, name]) => name)
  expect(linked).toEqual(records.sort())
})
