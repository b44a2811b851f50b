import { expect, test } from 'vitest'
import type { Diagnostic } from './diagnostic.ts'
import { diagnosticsOf, resultOf } from './outcome.ts'
import { read } from './read.ts'
import { isFunctionConfig, type ResourceList } from './resource-list.ts'

const HEAD = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n'
const readsAll = () => true
const readsNothing = () => false

async function failure(text: string): Promise<readonly string[]> {
  const outcome = await read(text, readsAll)
  expect(resultOf(outcome)).toBeUndefined()
  return diagnosticsOf(outcome).map(({ severity, message }) => `${severity}: ${message}`)
}

async function success(
  text: string,
  reads = readsAll,
): Promise<{ list: ResourceList; diagnostics: readonly Diagnostic[] }> {
  const outcome = await read(text, reads)
  const list = resultOf(outcome)
  if (list === undefined) throw new Error(JSON.stringify(diagnosticsOf(outcome)))
  return { list, diagnostics: diagnosticsOf(outcome) }
}

const object = (fields: string) => `- apiVersion: v1\n  kind: Service\n  ${fields}\n`

test.each([
  ['no bytes', '', 'stdin must hold a ResourceList, but it is empty; a host makes one from files: `kpt fn source DIR'],
  ['white space', '\ufeff \n\t\n', 'but it is empty'],
  ['only comments', '# nothing\n', 'stdin must hold a ResourceList, a mapping with `apiVersion`, `kind` and `items`'],
  ['prose', 'hello world\n', 'stdin must hold a ResourceList, a mapping'],
  ['a list', '- a\n', 'stdin must hold a ResourceList, a mapping'],
  ['broken YAML', `${HEAD}items: [a\nb: 1\n`, 'line 4, column 1 is not: '],
  [
    'broken YAML, its line',
    `${HEAD}items:\n- a: b: c\n`,
    'line 4, column 6 is not: Nested mappings are not allowed in compact mappings; the line is "- a: …"',
  ],
  [
    'a quote that is never closed',
    `${HEAD}items:\n- {a: "b}\n`,
    'line 4, column 10 is not: Missing closing "quote; the line is "- {a: …"',
  ],
  ['broken JSON', '{"kind": "ResourceList", "items": [}', 'line 1, column 3'],
  [
    'two documents',
    `${HEAD}items: []\n---\na: 1\n`,
    'must hold one document, a ResourceList, but it holds 2; the second begins on line 4',
  ],
  ['a document and an empty one', `${HEAD}items: []\n---\n`, 'it holds 2; the second begins on line 4'],
  [
    'bare objects',
    'apiVersion: v1\nkind: Service\n---\napiVersion: v1\nkind: Pod\n',
    'the second begins on line 3; a host makes one from files: `kpt fn source DIR | FUNCTION | kpt fn sink OUT`, `kpt fn eval DIR --exec FUNCTION`',
  ],
  [
    'one bare object',
    'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n',
    'it holds the kind "Service"; a host makes one from files: `kpt fn source DIR',
  ],
  ['no kind', 'a: 1\n', 'it holds an object without `kind`'],
  [
    'a List',
    'apiVersion: v1\nkind: List\nitems: []\n',
    'it holds a `List`; give it `apiVersion: config.kubernetes.io/v1`',
  ],
  [
    'another apiVersion',
    'apiVersion: v1\nkind: ResourceList\nitems: []\n',
    '`apiVersion` of the ResourceList must be `config.kubernetes.io/v1`, but it is "v1"',
  ],
  ['no apiVersion', 'kind: ResourceList\nitems: []\n', 'but it is missing'],
  ['no items', HEAD, 'must have `items`, but the field is missing'],
  ['null items', `${HEAD}items:\n`, '`items` of the ResourceList must be a list, not null'],
  [
    'null items in JSON',
    '{"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList","items":null}',
    'must be a list, not null',
  ],
  ['items that are a map', `${HEAD}items:\n  a: 1\n`, '`items` of the ResourceList must be a list, not a map'],
  ['items that are a word', `${HEAD}items: none\n`, 'must be a list, not a string'],
  [
    'a scalar item',
    `${HEAD}items:\n${object('metadata: {name: a}')}- word\n`,
    '`items[1]` must be a Kubernetes object, not a string',
  ],
  ['a null item', `${HEAD}items:\n-\n`, '`items[0]` must be a Kubernetes object, not null'],
  ['a list as an item', `${HEAD}items:\n- - a\n`, '`items[0]` must be a Kubernetes object, not a list'],
  [
    'a scalar in JSON',
    '{"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList","items":[1]}',
    '`items[0]` must be a Kubernetes object, not a number',
  ],
  ['a field that stands twice', `${HEAD}items: []\nitems: []\n`, '`items` stands there twice'],
  ['items behind a question mark', `${HEAD}? items\n: - a: 1\n`, '`items` must be written as a plain field'],
])('%s is no ResourceList', async (_, text, message) => {
  const messages = await failure(text)
  expect(messages).toHaveLength(1)
  expect(messages[0]).toContain(message)
  expect(messages[0]).toMatch(/^error: /)
})

test('every scalar among the items is named', async () => {
  expect(await failure(`${HEAD}items: [1, {apiVersion: v1, kind: A, metadata: {name: a}}, ~]\n`)).toEqual([
    'error: `items[0]` must be a Kubernetes object, not a number',
    'error: `items[2]` must be a Kubernetes object, not null',
  ])
})

test.each([
  ['open', '['.repeat(50_000)],
  ['closed', '['.repeat(50_000) + ']'.repeat(50_000)],
])('nesting that no parser can follow is an error and no exception: %s', async (_, nested) => {
  const [message] = await failure(`${HEAD}items: ${nested}`)
  expect(message).toContain('nested too deep')
})

test('a large text that only the slow parser could read is refused with what would be read', async () => {
  const [message] = await failure(`${HEAD}items: [ # ${'x'.repeat(33_000_000)}\n]\n`)
  expect(message).toContain('must be JSON, or YAML in block style')
})

test('every version of the wire is accepted, and an empty list is a list', async () => {
  const { list, diagnostics } = await success(
    'apiVersion: config.kubernetes.io/v1beta1\nkind: ResourceList\nitems: []\n',
  )
  expect({ items: list.items, diagnostics }).toEqual({ items: [], diagnostics: [] })
})

test('an item knows what it is, where it came from and what it holds', async () => {
  const text = `${HEAD}items:\n- apiVersion: networking.istio.io/v1\n  kind: ServiceEntry\n  metadata:\n    name: a\n    namespace: shop\n    annotations:\n      config.kubernetes.io/path: 'a.yaml'\n      config.kubernetes.io/index: '2'\n  spec: {on: yes, date: 2024-05-01}\n`
  const { list } = await success(text)
  const source = {
    ref: { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', name: 'a', namespace: 'shop' },
    item: 0,
    file: { path: 'a.yaml', index: 2 },
  }
  expect(list.objects.map(({ source }) => source)).toEqual([source])
  expect(list.objects[0]?.value.spec).toEqual({ on: 'yes', date: '2024-05-01' })
})

test('items of kinds that nobody reads are not parsed, however broken they are', async () => {
  const { list, diagnostics } = await success(
    `${HEAD}items:\n${object('metadata:\n    name: a\n  spec: [')}`,
    readsNothing,
  )
  expect(diagnostics).toEqual([])
  expect(list.items[0]?.value()).toBeUndefined()
})

test('a broken item of a kind that is read is an error with its address; it stays in the list and disturbs no other', async () => {
  const text = `${HEAD}items:\n${object('metadata:\n    name: a\n  spec: ["x')}${object('metadata:\n    name: b')}`
  const { list, diagnostics } = await success(text)
  expect(list.items).toHaveLength(2)
  expect(list.objects.map(({ source }) => source.ref.name)).toEqual(['b'])
  expect(diagnostics).toMatchObject([
    { severity: 'error', place: { source: { ref: { name: 'a' }, item: 0 }, path: '' } },
  ])
  expect(diagnostics[0]?.message).toMatch(/^is not YAML: line \d+ of the list: /)
})

test('a key that stands twice in an item is an error with its line', async () => {
  const { diagnostics } = await success(`${HEAD}items:\n${object('metadata:\n    name: a\n  spec: {}\n  spec: {}')}`)
  expect(diagnostics.map(({ message }) => message)).toEqual(['is not YAML: line 9 of the list: duplicated mapping key'])
})

test.each([
  ['kind', '- apiVersion: v1\n  metadata: {name: a}\n', '`items[0]`: an object must have `kind`'],
  ['name', '- apiVersion: v1\n  kind: Service\n', '`items[0]`: a Service must have `metadata.name`'],
  [
    'string for a name',
    '- apiVersion: v1\n  kind: Service\n  metadata:\n    name: 12\n',
    '`items[0]`: a Service must have `metadata.name`',
  ],
  [
    'anything',
    "- metadata:\n    annotations: {config.kubernetes.io/path: 'a.yaml'}\n",
    '`a.yaml`: an object must have `apiVersion` and `kind` and `metadata.name`',
  ],
])('an item without a %s is an error, whether it is read or not', async (_, item, message) => {
  for (const reads of [readsAll, readsNothing]) {
    const { list, diagnostics } = await success(`${HEAD}items:\n${item}`, reads)
    expect(list.items).toHaveLength(1)
    expect(list.objects).toEqual([])
    expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([expect.stringContaining(message)])
  }
})

test.each([
  ['by its kind', '- apiVersion: kustomize.config.k8s.io/v1beta1\n  kind: Kustomization\n'],
  [
    'by its file',
    "- resources: []\n  metadata:\n    annotations:\n      config.kubernetes.io/path: 'base/kustomization.yaml'\n",
  ],
])('a Kustomization needs no name: known %s', async (_, item) => {
  expect((await success(`${HEAD}items:\n${item}`)).diagnostics).toEqual([])
})

test('metadata must be what the API server takes', async () => {
  const item = object(
    'metadata: {name: a, namespace: 1, labels: [x], annotations: {a/b: true, config.kubernetes.io/index: 0}}',
  )
  const { list, diagnostics } = await success(
    `${HEAD}items:\n${item}${object('metadata: {name: b, labels: ~, annotations:}')}`,
  )
  expect(diagnostics).toMatchObject([
    { message: 'must be a string, not a number', place: { path: 'metadata.namespace' }, currentValue: 1 },
    { message: 'must be a map of strings, not a list', place: { path: 'metadata.labels' } },
    {
      message: 'must be a string, not a boolean: quote it',
      place: { path: 'metadata.annotations["a/b"]' },
      currentValue: true,
    },
  ])
  expect(diagnostics).toHaveLength(3)
  expect(list.objects.map(({ value }) => value.metadata)).toEqual([{ name: 'b' }])
})

test('an object that stands twice is an error that names both places, also in another version', async () => {
  const entry = (version: string, file: string) =>
    `- apiVersion: networking.istio.io/${version}\n  kind: ServiceEntry\n  metadata: {name: a, namespace: shop, annotations: {config.kubernetes.io/path: ${file}, config.kubernetes.io/index: '1'}}\n`
  const text = `${HEAD}items:\n${entry('v1', 'a.yaml')}${entry('v1beta1', 'b.yaml')}`
  const { list, diagnostics } = await success(text)
  expect(diagnostics).toMatchObject([
    {
      severity: 'error',
      message:
        'ServiceEntry shop/a must stand in the list once, but it is in `a.yaml` (index 1) and `b.yaml` (index 1): keep one of them',
      place: { source: { item: 1 }, path: 'metadata.name' },
    },
  ])
  expect(list.objects).toMatchObject([
    { source: { item: 0 }, again: [{ item: 1, file: { path: 'b.yaml', index: 1 } }] },
  ])
  expect((await success(text, readsNothing)).diagnostics).toEqual([])
})

test('an object that stands twice and is broken once has a twin all the same', async () => {
  const sound = object('metadata: {name: a}')
  const broken = object('metadata: {name: a, labels: [x]}')
  for (const [items, read] of [
    [`${broken}${sound}`, 1],
    [`${sound}${broken}`, 0],
  ] as const) {
    const { list, diagnostics } = await success(`${HEAD}items:\n${items}`)
    expect(list.objects).toMatchObject([{ source: { item: read }, again: [{ item: 1 - read }] }])
    expect(list.refused).toMatchObject([{ source: { item: 1 - read }, value: { metadata: { name: 'a' } } }])
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'Service a must stand in the list once, but it is in `items[0]` and `items[1]`: keep one of them',
      'must be a map of strings, not a list',
    ])
  }
})

test('what is read and left out of the objects for an error is known as refused, with its value if it has one', async () => {
  const broken = object('metadata:\n    name: a\n  spec: [')
  const refused = object('metadata: {name: b, labels: [x]}')
  const nameless = '- kind: Service\n  spec: {x: 1}\n'
  const { list } = await success(`${HEAD}items:\n${broken}${refused}${nameless}${object('metadata: {name: c}')}`)
  expect(list.refused).toEqual([
    { source: { ref: { apiVersion: 'v1', kind: 'Service', name: 'a' }, item: 0 } },
    { source: expect.objectContaining({ item: 1 }), value: expect.objectContaining({ kind: 'Service' }) },
    {
      source: { ref: { apiVersion: '', kind: 'Service', name: '' }, item: 2 },
      value: { kind: 'Service', spec: { x: 1 } },
    },
  ])
})

test('an item whose text has no value and whose lines do not say what it is may be anything', async () => {
  const { list, diagnostics } = await success(`${HEAD}items:\n${object('metadata: {name: a}\n  spec: *x')}`)
  expect(list.refused).toEqual([{ source: { ref: { apiVersion: '', kind: '', name: '' }, item: 0 } }])
  expect(diagnostics.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^`items\[0\]` is not YAML: .*\. It may be anything, so nothing is written$/),
  ])
})

test('an anchor in one item can be used in another', async () => {
  const text = `${HEAD}items:\n${object('metadata: {name: a}\n  spec: &spec {x: 1}')}${object('metadata:\n    name: b\n  spec: *spec')}`
  const { list, diagnostics } = await success(text)
  expect(diagnostics).toEqual([])
  expect(list.objects[1]?.value.spec).toEqual({ x: 1 })
})

test('merge keys as kpt writes them are merged', async () => {
  const { list } = await success(
    `${HEAD}items:\n${object('metadata:\n    name: a\n  a: &d\n    x: 1\n  b:\n    !!merge <<: *d\n    y: 2')}`,
  )
  expect(list.objects[0]?.value.b).toEqual({ x: 1, y: 2 })
})

test('a functionConfig that is an item as well is not one of the objects', async () => {
  const config = 'apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: config\n'
  const { list } = await success(
    `${HEAD}items:\n- ${config}- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: other}\nfunctionConfig:\n  ${config}`,
  )
  expect(list.items.map((item) => isFunctionConfig(list, item))).toEqual([true, false])
  expect(list.objects.map(({ source }) => source.ref.name)).toEqual(['other'])
  expect(list.functionConfig).toMatchObject({ index: -1, ref: { kind: 'ConfigMap', name: 'config' } })
})

test('a functionConfig that is not YAML is an error', async () => {
  const { diagnostics } = await success(`${HEAD}items: []\nfunctionConfig:\n  a: [\n`)
  expect(diagnostics.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^`functionConfig` is not YAML: line \d of the list: /),
  ])
})
