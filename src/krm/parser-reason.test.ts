import { expect, test } from 'vitest'
import { diagnosticsOf } from './outcome.ts'
import { parseDocuments } from './parse-yaml.ts'
import { read } from './read.ts'

const PASSWORD = 'hunter2'

/** Values that somebody forgot to quote, and that mean something to YAML. */
const VALUES = [
  '*hunter2',
  '*hunter2 x',
  '|hunter2',
  '>hunter2',
  '| hunter2',
  '!hunter2!',
  '!h!hunter2 x',
  '!<hunter2> x',
  '!<%hunter2> x',
  '!hunter2%ZZ x',
  '!!hunter2 {a',
  '!!int hunter2',
  '!!seq {hunter2: 1}',
  '"\\hunter2"',
  '"\\xhunter2"',
  '"hunter2',
  "'hunter2",
  "'hunter2'x",
  '&hunter2 *hunter2',
  '@hunter2',
  '`hunter2`',
  '%hunter2',
  '[hunter2',
  '{hunter2',
  'hunter2: hunter2',
  '- hunter2',
  '? hunter2',
  '\thunter2: x',
]

/** The header by lines, by the parser of one item, or by that of the whole text; as the file of a package. */
const PLACES: Readonly<Record<string, (value: string) => string>> = {
  block: (value) => list(`  metadata:\n    name: s\n  stringData:\n    password: ${value}\n`),
  flow: (value) => list(`  metadata: {name: s}\n  stringData:\n    password: ${value}\n`),
  'flow throughout': (value) => list(`  metadata: {name: s}\n  stringData: {password: ${value}}\n`),
  'odd list': (value) => `%YAML 1.2\n---\n${list(`  metadata: {name: s}\n  data:\n    p: ${value}\n`)}`,
  functionConfig: (value) =>
    `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n  data:\n    p: ${value}\nitems: []\n`,
}

function list(body: string): string {
  return `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n  kind: Secret\n${body}`
}

const cases = Object.entries(PLACES).flatMap(([place, text]) =>
  VALUES.map((value) => ({ place, value, text: text(value) })),
)

test.each(cases)('no part of $value is said, $place', async ({ text }) => {
  const outcome = await read(text, () => true)
  expect(JSON.stringify(diagnosticsOf(outcome))).not.toContain(PASSWORD)
  const documents = parseDocuments(text)
  if (!documents.ok) expect(documents.reason).not.toContain(PASSWORD)
})

test('a part of a reason stays', () => {
  expect(parseDocuments('a: *b\n')).toMatchObject({ ok: false, reason: 'unidentified alias', line: 0 })
  expect(parseDocuments('a: !c!d e\n')).toMatchObject({ ok: false, reason: 'undeclared tag handle' })
})
