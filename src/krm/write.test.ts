import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Diagnostic, error, info, warning } from './diagnostic.ts'
import type { KubernetesObject, Source } from './object.ts'
import { diagnosticsOf, resultOf } from './outcome.ts'
import { read } from './read.ts'
import type { ResourceList } from './resource-list.ts'
import { write } from './write.ts'

const HEAD = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n'

async function listOf(text: string): Promise<ResourceList> {
  const outcome = await read(text, () => false)
  const list = resultOf(outcome)
  if (list === undefined) throw new Error(JSON.stringify(diagnosticsOf(outcome)))
  return list
}

interface Options {
  readonly dropped?: readonly number[]
  readonly added?: readonly KubernetesObject[]
  readonly diagnostics?: readonly Diagnostic[]
}

async function written(text: string, { dropped = [], added = [], diagnostics = [] }: Options): Promise<string> {
  return write(await listOf(text), { dropped: new Set(dropped), added }, diagnostics)
}

const added: KubernetesObject = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, spec: { on: ['1'] } }
const BLOCK = '- apiVersion: v1\n  kind: X\n  metadata:\n    name: x\n  spec:\n    "on":\n    - "1"\n'
const JSON_ITEM = '{"apiVersion":"v1","kind":"X","metadata":{"name":"x"},"spec":{"on":["1"]}}'
const item = (name: string) => `- apiVersion: v1\n  kind: A\n  metadata: {name: ${name}} # ${name}\n`

const fixtures = new URL('./fixtures/', import.meta.url)
test.each([
  'kpt-source.yaml',
  'kustomize-transformer.yaml',
  'by-hand.yaml',
  'anchors.yaml',
  'flow.yaml',
  'pretty.json',
])('%s leaves byte for byte, also with CRLF and a byte order mark', async (name) => {
  const text = readFileSync(new URL(name, fixtures), 'utf8')
  for (const variant of [text, text.replaceAll('\n', '\r\n'), `\ufeff${text}`, text.trimEnd()])
    expect(await written(variant, {})).toBe(variant)
})

test('an added item stands behind the last one, in front of comments that belong to what follows', async () => {
  const text = `${HEAD}items:\n${item('a')}    # of a\n# of the config\nfunctionConfig:\n  a: 1\n`
  expect(await written(text, { added: [added] })).toBe(
    `${HEAD}items:\n${item('a')}    # of a\n${BLOCK}# of the config\nfunctionConfig:\n  a: 1\n`,
  )
})

test('added items take the column of the dashes and the line breaks of the text', async () => {
  const indent = (text: string) => text.replace(/^/gm, '  ').trimEnd().concat('\n')
  const text = `${HEAD}items:\n${indent(item('a'))}`
  expect(await written(text, { added: [added] })).toBe(`${text}${indent(BLOCK)}`)
  const crlf = (lf: string) => lf.replaceAll('\n', '\r\n')
  expect(await written(crlf(text), { added: [added] })).toBe(crlf(`${text}${indent(BLOCK)}`))
})

test('an item is added on a line of its own when the text does not end with a line break', async () => {
  const text = `${HEAD}items:\n${item('a')}`.trimEnd()
  expect(await written(text, { added: [added] })).toBe(`${text}\n${BLOCK}`)
})

test('the blank lines that a block scalar keeps stay its own', async () => {
  const text = `${HEAD}items:\n- apiVersion: v1\n  kind: A\n  metadata: {name: a}\n  kept: |+\n    x\n\n\n`
  const result = await listOf(await written(text, { added: [added] }))
  expect(result.items[0]?.value()).toMatchObject({ kept: 'x\n\n\n' })
})

test('a dropped item leaves with its own lines; every comment beside it stays', async () => {
  const text = `${HEAD}items:\n# first\n${item('a')}# second\n${item('b')}  # of b\n\n# third\n${item('c')}`
  expect(await written(text, { dropped: [1] })).toBe(
    `${HEAD}items:\n# first\n${item('a')}# second\n# third\n${item('c')}`,
  )
  expect(await written(text, { dropped: [0] })).toBe(
    `${HEAD}items:\n# first\n# second\n${item('b')}  # of b\n\n# third\n${item('c')}`,
  )
})

test('a list that loses all its items is empty, and an empty one grows', async () => {
  expect(await written(`${HEAD}items: # all\n${item('a')}`, { dropped: [0] })).toBe(`${HEAD}items: [] # all\n`)
  expect(await written(`${HEAD}items: [] # none\n`, { added: [added] })).toBe(`${HEAD}items: # none\n${BLOCK}`)
  expect(await written(`items: []\n${HEAD}`, { added: [added] })).toBe(`items:\n${BLOCK}${HEAD}`)
  expect(await written(`${HEAD}items: []`, { added: [added] })).toBe(`${HEAD}items:\n${BLOCK}`)
  expect(await written(`${HEAD}items: &all\n${item('a')}`, { dropped: [0] })).toBe(`${HEAD}items: &all []\n`)
})

test('nothing is added behind the end of the document', async () => {
  const text = `${HEAD}items:\n${item('a')}...\n`
  expect(await written(text, { added: [added], diagnostics: [info(undefined, 'hi')] })).toBe(
    `${HEAD}items:\n${item('a')}${BLOCK}results:\n- message: hi\n  severity: info\n...\n`,
  )
})

const a = '{"apiVersion":"v1","kind":"A","metadata":{"name":"a"}}'
const b = '{"apiVersion":"v1","kind":"B","metadata":{"name":"b"}}'
const head = '"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList"'

test.each([
  ['JSON, adding', `{${head},"items":[${a}]}`, [], `{${head},"items":[${a},${JSON_ITEM}]}`],
  ['JSON, replacing the first', `{${head},"items":[${a}, ${b}]}`, [0], `{${head},"items":[${b},${JSON_ITEM}]}`],
  ['JSON, replacing the last', `{${head},"items":[${a}, ${b}]}`, [1], `{${head},"items":[${a},${JSON_ITEM}]}`],
  ['JSON, replacing all', `{${head},"items":[ ${a}, ${b} ]}`, [0, 1], `{${head},"items":[ ${JSON_ITEM} ]}`],
  ['JSON, growing', `{${head},"items":[]}`, [], `{${head},"items":[${JSON_ITEM}]}`],
  [
    'a flow list in block style',
    `${HEAD}items: [${a}, {kind: B, apiVersion: v1, metadata: {name: b}}] # c\n`,
    [0],
    `${HEAD}items: [{kind: B, apiVersion: v1, metadata: {name: b}},${JSON_ITEM}] # c\n`,
  ],
  ['a trailing comma', `${HEAD}items: [${a}, ]\n`, [], `${HEAD}items: [${a},${JSON_ITEM}, ]\n`],
  ['a flow list on lines of its own', `${HEAD}items: [\n  ]\n`, [], `${HEAD}items: [${JSON_ITEM}\n  ]\n`],
])('%s stays in its style', async (_, text, dropped, expected) => {
  expect(await written(text, { dropped, added: [added] })).toBe(expected)
})

test('JSON that loses its items and remarks has neither', async () => {
  expect(await written(`{"results":[1], ${head}, "items":[ ${a} , ${b} ]}`, { dropped: [0, 1] })).toBe(
    `{${head}, "items":[]}`,
  )
})

test('JSON over several lines grows by lines', async () => {
  const before = JSON.stringify(
    { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items: [JSON.parse(a)] },
    null,
    2,
  )
  const after = JSON.stringify(
    { ...JSON.parse(before), items: [JSON.parse(a), added], results: [{ message: 'hi', severity: 'info' }] },
    null,
    2,
  )
  expect(await written(before, { added: [added], diagnostics: [info(undefined, 'hi')] })).toBe(after)
})

const source = (name: string, file?: { path: string; index: number }): Source => ({
  ref: { apiVersion: 'v1', kind: 'Service', name, namespace: 'shop' },
  item: 0,
  ...(file === undefined ? {} : { file }),
})

test('results are spelled as the specification has them', async () => {
  const place = { source: source('a', { path: 'a.yaml', index: 0 }), path: 'spec.ports[0].port' }
  const diagnostics = [error(place, 'must be: a number', { currentValue: 'on', proposedValue: 80 })]
  expect(await written(`${HEAD}items: []\n`, { diagnostics })).toBe(`${HEAD}items: []
results:
- message: "must be: a number"
  severity: error
  resourceRef:
    apiVersion: v1
    kind: Service
    name: a
    namespace: shop
  field:
    path: "spec.ports[0].port"
    currentValue: "on"
    proposedValue: 80
  file:
    path: a.yaml
    index: 0
`)
})

test('old results go, wherever and however they stood, and nothing else does', async () => {
  const rest = `${HEAD}items:\n${item('a')}functionConfig:\n  a: 1\n`
  for (const old of [
    'results:\n- message: old\n',
    'results:\n  - message: old\n\n',
    'results: []\n',
    'results:\n  name: x\n  items:\n  - message: old\n',
  ]) {
    expect(await written(`${old}${rest}`, {})).toBe(rest)
    expect(await written(`${rest}${old}`, {})).toBe(rest)
    expect(await written(`${rest}# kept\n${old}# also\n`, {})).toBe(`${rest}# kept\n# also\n`)
  }
})

test('results are in one order, whatever order they were found in', async () => {
  const late = { source: source('a', { path: 'b.yaml', index: 0 }), path: 'x' }
  const early = (index: number) => ({ source: source('b', { path: 'a.yaml', index }), path: 'x' })
  const sorted = [
    info(undefined, 'of the whole list'),
    error(early(0), 'b'),
    warning(early(0), 'a'),
    info(early(0), 'B'),
    info(early(0), 'a'),
    error(early(2), 'a'),
    error(early(10), 'a'),
    error(late, 'a'),
    error({ ...late, path: 'y' }, 'a'),
  ]
  const text = `${HEAD}items: []\n`
  const once = await written(text, { diagnostics: sorted })
  expect(await written(text, { diagnostics: [...sorted].reverse() })).toBe(once)
  expect(once.match(/message: .*/g)).toEqual(
    sorted.map(
      ({ message }) => `message: ${message.includes(' ') || message === 'y' ? JSON.stringify(message) : message}`,
    ),
  )
  expect(once.match(/ {2}index: .*/g)).toEqual([0, 0, 0, 0, 2, 10, 0, 0].map((index) => `  index: ${index}`))
})

test('a list of any size is written', async () => {
  const many = Array.from(
    { length: 150_000 },
    (_, index): KubernetesObject => ({ apiVersion: 'v1', kind: 'X', metadata: { name: `n${index}` } }),
  )
  const text = await written(`${HEAD}items: []\n`, { added: many })
  const list = await listOf(text)
  expect(list.items.length).toBe(many.length)
  expect(write(list, { dropped: new Set(many.keys()), added: [] }, [])).toBe(`${HEAD}items: []\n`)
})
