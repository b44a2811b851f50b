import { expect, test } from 'vitest'
import { nestStrings, readFunctionConfig } from './function-config.ts'
import { at } from './object.ts'
import { diagnosticsOf, resultOf } from './outcome.ts'
import { read } from './read.ts'

async function readConfig(functionConfig: string) {
  const text = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n${functionConfig}`
  const list = resultOf(await read(text, () => false))
  if (list === undefined) throw new Error(text)
  const outcome = readFunctionConfig(list, 'Dubbo')
  return { value: resultOf(outcome), diagnostics: diagnosticsOf(outcome) }
}

test.each(['', 'functionConfig:\n', 'functionConfig: {}\n', 'functionConfig: null\n'])(
  'no config is a good config: %j',
  async (text) => {
    expect(await readConfig(text)).toEqual({ value: { kind: 'none' }, diagnostics: [] })
  },
)

const typed = 'functionConfig:\n  apiVersion: meltemi.dev/v1alpha1\n  kind: Dubbo\n  metadata: {name: c}\n'

test('the typed kind has its fields below `spec`, and may have none', async () => {
  const { value, diagnostics } = await readConfig(`${typed}  spec: {inbound: true}\n`)
  expect(diagnostics).toEqual([])
  expect(value).toMatchObject({
    kind: 'typed',
    spec: { inbound: true },
    place: { path: 'spec', source: { item: -1, ref: { name: 'c' } } },
  })
  expect((await readConfig(typed)).value).toMatchObject({ kind: 'typed', spec: {} })
})

test('a ConfigMap has strings, and may have none', async () => {
  const map = 'functionConfig:\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: function-input}\n'
  expect((await readConfig(`${map}  data: {"istio.versions": "1.29 - 1.31"}\n`)).value).toMatchObject({
    kind: 'strings',
    data: { 'istio.versions': '1.29 - 1.31' },
    place: { path: 'data' },
  })
  expect((await readConfig(map)).value).toMatchObject({ kind: 'strings', data: {} })
})

const forms =
  'the functionConfig must be `apiVersion: meltemi.dev/v1alpha1, kind: Dubbo` with its fields below `spec`, or a v1 ConfigMap with strings in `data`'

test.each([
  ['another kind', typed.replace('Dubbo', 'Thrift'), 'kind', `${forms}, not \`meltemi.dev/v1alpha1, Thrift\``],
  ['another version', typed.replace('v1alpha1', 'v1'), 'apiVersion', `${forms}, not \`meltemi.dev/v1, Dubbo\``],
  ['no kind', 'functionConfig: {spec: {}}\n', 'kind', `${forms}, not \`no apiVersion, no kind\``],
  [
    'an unknown field',
    `${typed}  specs: {}\n`,
    'specs',
    '`specs` is not a field of this functionConfig: did you mean `spec`?',
  ],
  [
    'an unknown field like no other',
    `${typed}  inbound: true\n`,
    'inbound',
    '`inbound` is not a field of this functionConfig: the fields are `apiVersion`, `kind`, `metadata`, `spec`',
  ],
  ['a spec that is no map', `${typed}  spec: [a]\n`, 'spec', 'must be a map, not a list'],
  [
    'data that is no map',
    'functionConfig: {apiVersion: v1, kind: ConfigMap, data: x}\n',
    'data',
    'must be a map of strings, not a string',
  ],
  [
    'data that is no string',
    'functionConfig: {apiVersion: v1, kind: ConfigMap, data: {a.b: 5}}\n',
    'data["a.b"]',
    'must be a string, not a number: a ConfigMap holds nothing else, so quote it',
  ],
  [
    'a ConfigMap with spec',
    'functionConfig: {apiVersion: v1, kind: ConfigMap, spec: {}}\n',
    'spec',
    '`spec` is not a field of this functionConfig: the fields are `apiVersion`, `kind`, `metadata`, `data`, `immutable`',
  ],
])('%s is an error', async (_, text, path, message) => {
  const { value, diagnostics } = await readConfig(text)
  expect(value).toBeUndefined()
  expect(diagnostics).toMatchObject([{ severity: 'error', message, place: { path } }])
})

test('a functionConfig that is no map is an error', async () => {
  const { diagnostics } = await readConfig('functionConfig: word\n')
  expect(diagnostics.map(({ message }) => message)).toEqual([
    expect.stringContaining('`functionConfig` must be `apiVersion: meltemi.dev/v1alpha1'),
  ])
})

const place = at({ ref: { apiVersion: 'v1', kind: 'ConfigMap', name: 'c' }, item: -1 }, 'data')

test('dotted keys make a tree', () => {
  const nested = nestStrings(
    { 'istio.versions': '1.29', 'istio.x.y': 'z', priority: '5', __proto__x: 'a', 'a.__proto__': 'b' },
    place,
  )
  expect(JSON.stringify(resultOf(nested))).toBe(
    '{"istio":{"versions":"1.29","x":{"y":"z"}},"priority":"5","__proto__x":"a","a":{"__proto__":"b"}}',
  )
})

test.each([
  [{ 'a..b': '1' }, '`a..b` must be names joined by single dots', 'data["a..b"]'],
  [{ 'a.': '1' }, '`a.` must be names joined by single dots', 'data["a."]'],
  [{ a: '1', 'a.b': '2' }, '`a.b` and `a` cannot both be set: `a` is a value', 'data["a.b"]'],
])('%j makes none', (data: Readonly<Record<string, string>>, message, path) => {
  const nested = nestStrings(data, place)
  expect(resultOf(nested)).toBeUndefined()
  expect(diagnosticsOf(nested)).toMatchObject([{ message, place: { path } }])
})
