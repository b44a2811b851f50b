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
  ...below('examples', '.md'),
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

test.each(functionNames())('the README of %s has each field of its functionConfig', (name) => {
  const { properties }: Schema = JSON.parse(textOf(`functions/${name}/config.schema.json`))
  const [, section = ''] = /^## FunctionConfig\n([\s\S]*?)^## /m.exec(textOf(`functions/${name}/README.md`)) ?? []
  const rows = [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, field]) => field)
  expect(rows.toSorted()).toEqual([...Object.keys(properties ?? {}), 'outputDirectory'].sort())
})

test.each(functionNames())('the README of %s names each field of its own kinds', (name) => {
  const readme = textOf(`functions/${name}/README.md`)
  const schemas = readdirSync(join(root, 'functions', name)).filter(
    (file) => file.endsWith('.schema.json') && file !== 'config.schema.json',
  )
  const fields = schemas.flatMap((file) => fieldsOf(JSON.parse(textOf(`functions/${name}/${file}`))))
  expect([...new Set(fields)].filter((field) => !new RegExp(`\\b${field}\\b`).test(readme))).toEqual([])
})

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
}

/** Names of all fields that a JSON schema has, definitions included. */
function fieldsOf(schema: Schema): readonly string[] {
  const inner = Object.values(schema).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null ? fieldsOf(value) : [],
  )
  return [...Object.keys(schema.properties ?? {}), ...inner]
}

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
