import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { error, info } from './diagnostic.ts'
import { headerOf } from './header.ts'
import { readItems, sourceText } from './item.ts'
import type { Layout } from './layout.ts'
import type { KubernetesObject } from './object.ts'
import { diagnosticsOf, resultOf } from './outcome.ts'
import { read } from './read.ts'
import { readBlock } from './read-block.ts'
import { readJson } from './read-json.ts'
import { readYaml } from './read-yaml.ts'
import { reconcile } from './reconcile.ts'
import type { ResourceList } from './resource-list.ts'
import { write } from './write.ts'

/** Bodies of an item, as people and tools write them; every one is legal, and made to look like something else. */
const BODIES: readonly (readonly string[])[] = [
  ['spec:', '  hosts: ["a", \'b\']', '  # a comment', '  ports:', '  - number: 1 # trailing', '    name: tcp'],
  ['data:', '  script: |', '    # no comment', '    - no item', '    kind: Fake', '', '  next: "x"'],
  ['blanks:', '  kept: |+', '    text', '', ''],
  ['raw: |2-', '   indented', '  - dash', '  # hash'],
  ['text: some words', '  - that go on', '  kind:of'],
  ['quoted: "a', '  b # no comment', '', '  - c"'],
  ["single: 'it''s", "  - here'"],
  ['flow: {a: 1,', '  b: [x,', '  -y]}'],
  ['list:', '- a', '- b: 1', '  c: 2', '-', '  d: 3'],
  ['"quoted key": 1', "'other': 2", '? complex', ': value'],
  ['base: &base', '  x: 1', 'merged:', '  <<: *base', 'tagged:', '  !!merge <<: *base', '  y: 2'],
  ['date: 2024-05-01', 'on: yes', 'octal: 0o14', 'float: 1.50', 'none: ~', 'empty:', 'big: 0x1F'],
  ['folded: >-', '  one', '  two', '', '    three', 'status: {}'],
  ['metadata_: {name: no}', 'kinds:', '  kind: Fake', '  metadata:', '    name: no'],
  ['\u00fcber: "\\u00e9\\n"', 'emoji: \u{1f600}'],
  ['before: 1', '<# flush left, in the middle of an item', 'after: 2'],
  [],
]

const spaces = (count: number) => ' '.repeat(count)
const name = fc.constantFrom(
  'a',
  'shop-1',
  '"quoted"',
  "'single'",
  'redis # trailing',
  '!!str tagged',
  '"esc\\u0061pe"',
  '&n anchored',
  'two\n      words',
)

const annotations = fc.constantFrom<readonly string[]>(
  [],
  ["    config.kubernetes.io/index: '3'", "    config.kubernetes.io/path: 'dir/a.yaml'"],
  [
    '    internal.config.kubernetes.io/path: "b.yaml"',
    '    internal.config.kubernetes.io/index: 1',
    '    config.kubernetes.io/path: other',
  ],
  [
    '    kustomize.config.k8s.io/id: |',
    '      config.kubernetes.io/path: no',
    "    'config.kubernetes.io/path': quoted.yaml",
  ],
  ['    # a comment', '    plain: text', '      config.kubernetes.io/path:no'],
)

const metadata = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ name, namespace: fc.option(fc.constantFrom('shop', '"on"', '')), annotations, first: fc.boolean() })
      .map(metadataLines),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ['metadata: {name: flow, namespace: n}'],
      ['metadata: # c', '    name: deep', '    labels: {a: b}'],
    ),
  },
)

function metadataLines(parts: {
  name: string
  namespace: string | null
  annotations: readonly string[]
  first: boolean
}): string[] {
  const own = [`  name: ${parts.name}`, ...(parts.namespace === null ? [] : [`  namespace: ${parts.namespace}`])]
  const notes = parts.annotations.length === 0 ? [] : ['  annotations:', ...parts.annotations]
  return ['metadata:', ...(parts.first ? [...notes, ...own] : [...own, ...notes])]
}

const type = fc.constantFrom(
  ['apiVersion: v1', 'kind: ConfigMap'],
  ['kind: EnvoyFilter # c', 'apiVersion: networking.istio.io/v1alpha3'],
  ['apiVersion: "apps/v1"', '# between', "kind: 'Deployment'", ''],
)

const fields = fc
  .tuple(type, metadata, fc.subarray([...BODIES], { maxLength: 3 }), fc.boolean())
  .map(([typed, meta, bodies, late]) => {
    const body = bodies.flat()
    return late ? [...body, ...meta, ...typed] : [...typed, ...meta, ...body]
  })

const item = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fields, fc.constantFrom('-', '- # head comment', '- ', '-   ')) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant(['{apiVersion: v1, kind: X, metadata: {name: flow}, "k": [1,', '    2]}']),
      fc.constant('- '),
    ),
  },
)

/** An item at a column of dashes; what stands behind the dash and how deep the fields are differ. */
function itemLines([lines, dash]: [readonly string[], string], column: number): string[] {
  const flat = lines.join('\n').split('\n')
  const inner = dash === '-   ' ? 4 : 2
  const deep = (line: string) =>
    line === '' ? '' : line.startsWith('<#') ? line.slice(1) : spaces(column + inner) + line
  if (dash.endsWith(' ')) return flat.map((line, index) => (index === 0 ? spaces(column) + dash + line : deep(line)))
  return [spaces(column) + dash, ...flat.map(deep)]
}

const gap = fc.constantFrom<readonly number[]>([], [], [], [0], [1], [2], [-1], [-1, 0, -1], [5], [0, 5])

/** Blank lines (-1) and comments at any column, which belong to no item or to the one before. */
function gapLines(columns: readonly number[]): string[] {
  return columns.map((column) => (column === -1 ? '' : `${spaces(column)}# comment at ${column}`))
}

const list = fc
  .tuple(fc.array(fc.tuple(gap, item), { minLength: 1, maxLength: 5 }), fc.constantFrom(0, 0, 2, 4), gap)
  .map(([items, column, last]) => [
    'items:',
    ...items.flatMap(([before, one]) => [...gapLines(before), ...itemLines(one, column)]),
    ...gapLines(last),
  ])

const others = fc.subarray([
  ['functionConfig: # c', '  apiVersion: v1', '  kind: ConfigMap', '  data:', '    a: "b"', '    # deep', '# shallow'],
  ['results:', '- message: old', '', '- message: older', '# behind the results'],
  ['metadata: {}'],
  ['extra:', '    - a', '    -   b'],
])

interface Text {
  readonly text: string
  /** Whether the quick reader must be able to read it. */
  readonly isOrdinary: boolean
}

const blockText: fc.Arbitrary<Text> = fc
  .record({
    list: fc.oneof(
      { weight: 8, arbitrary: list },
      { weight: 1, arbitrary: fc.constantFrom(['items: []'], ['items: [] # none', '# c']) },
    ),
    others,
    order: fc.nat(23),
    start: fc.constantFrom([], [], ['---'], ['# top', '', '--- # c', '# more']),
    end: fc.constantFrom('\n', '\n', '', '\n\n', '\n# end\n', '\n   # deep end\n# end'),
    odd: fc.constantFrom('', '', '', 'directive', 'end', 'quoted key', 'anchor'),
    crlf: fc.boolean(),
    bom: fc.boolean(),
  })
  .map(({ list, others, order, start, end, odd, crlf, bom }) => {
    const items = odd === 'anchor' && list[0] === 'items:' ? ['items: &all', ...list.slice(1)] : list
    const types = [
      ['apiVersion: config.kubernetes.io/v1'],
      [odd === 'quoted key' ? '"kind": ResourceList' : "kind: 'ResourceList'"],
    ]
    const blocks = [...types, items, ...others]
    const turned = [...blocks.slice(order % blocks.length), ...blocks.slice(0, order % blocks.length)]
    const body = [...(odd === 'directive' ? ['%YAML 1.2', '---'] : start), ...turned.flat()].join('\n')
    const whole = `${bom ? '\ufeff' : ''}${body}${end}${odd === 'end' ? `${end.endsWith('\n') ? '' : '\n'}...\n# after\n` : ''}`
    return {
      text: crlf ? whole.replaceAll('\n', '\r\n') : whole,
      isOrdinary: odd === '' || (odd === 'anchor' && items === list),
    }
  })

const jsonText = fc
  .tuple(
    fc.array(
      fc.record({
        apiVersion: fc.constant('v1'),
        kind: fc.constantFrom('A', 'EnvoyFilter'),
        metadata: fc.record({ name: fc.constantFrom('a', 'b"\\', '\u2028') }),
        x: fc.jsonValue(),
      }),
    ),
    fc.constantFrom(0, 2),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([items, indent, results, bom]) => {
    const body = {
      apiVersion: 'config.kubernetes.io/v1',
      ...(results ? { results: [] } : {}),
      items,
      kind: 'ResourceList',
    }
    return `${bom ? '\ufeff' : ''}${JSON.stringify(body, null, indent)}\n`
  })

const flowText = fc
  .tuple(
    fc.array(
      fc.constantFrom(
        '{apiVersion: v1, kind: A, metadata: {name: a}}',
        '&x {apiVersion: v1, kind: B, metadata: {name: "b"}, l: [1, 2, ], }',
        'kind: single',
        '{"apiVersion":"v1","kind":"EnvoyFilter","metadata":{"name":"c"}}',
        '{apiVersion: v1, kind: C,\n   metadata: {name: c}} # c\n  ',
      ),
    ),
    fc.constantFrom(', ', ',', ' ,\n  '),
    fc.constantFrom('', ', '),
    fc.constantFrom('', ' ', '\n  '),
  )
  .chain(([items, comma, trailing, lead]) => {
    const list = `[${lead}${items.filter((one) => one !== 'kind: single').join(comma)}${items.some((one) => one !== 'kind: single') ? trailing : ''}]`
    return fc.constantFrom(
      `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: ${list}\n`,
      `{apiVersion: config.kubernetes.io/v1, results: [], items: ${list}, kind: ResourceList}\n`,
      `# c\n{ kind: ResourceList, 'items': ${list}, "apiVersion": config.kubernetes.io/v1, }`,
    )
  })

const anyText = fc.oneof(
  { weight: 4, arbitrary: blockText.map(({ text }) => text) },
  { weight: 1, arbitrary: jsonText },
  { weight: 1, arbitrary: flowText },
)

async function fullLayout(text: string): Promise<Layout> {
  const outcome = await readYaml(text)
  const layout = resultOf(outcome)
  if (layout === undefined) throw new Error(`${JSON.stringify(diagnosticsOf(outcome))} in\n${text}`)
  return layout
}

async function readOk(text: string): Promise<ResourceList> {
  const outcome = await read(text, ({ kind }) => kind === 'EnvoyFilter')
  const found = resultOf(outcome)
  if (found === undefined) throw new Error(`${JSON.stringify(diagnosticsOf(outcome))} in\n${text}`)
  return found
}

/** What the other parser makes of the whole text. */
function itemsOf(text: string): readonly unknown[] {
  const documents = parseAllDocuments(text, { merge: true })
  if (!Array.isArray(documents) || documents.length !== 1) throw new Error(`not one document:\n${text}`)
  const [document] = documents
  if (document === undefined || document.errors.length > 0) throw new Error(`${String(document?.errors)} in\n${text}`)
  const root: unknown = document.toJS({ maxAliasCount: -1 })
  const items: unknown = typeof root === 'object' && root !== null ? Reflect.get(root, 'items') : undefined
  return Array.isArray(items) ? items : []
}

const runs = { numRuns: 150 }

test('the quick reader reads every ordinary text, and lays it out as the full parser does', async () => {
  await fc.assert(
    fc.asyncProperty(blockText, async ({ text, isOrdinary }) => {
      const quick = readBlock(text)
      if (isOrdinary) expect(quick).toBeDefined()
      if (quick !== undefined) expect(quick).toEqual(await fullLayout(text))
    }),
    runs,
  )
})

test('the JSON reader lays a text out as the full parser does', async () => {
  await fc.assert(
    fc.asyncProperty(jsonText, async (text) => {
      const quick = readJson(text)
      expect(quick).toBeDefined()
      expect(quick).toEqual(await fullLayout(text))
    }),
    runs,
  )
})

test('every item has the value that the full parser gives it, and the header of that value', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const layout = readBlock(text) ?? readJson(text) ?? (await fullLayout(text))
      const items = readItems(sourceText(layout))
      expect(items.map((one) => one.value())).toEqual(itemsOf(text))
      for (const { ref, file, value } of items) expect({ ref, ...(file && { file }) }).toEqual(headerOf(value()))
    }),
    runs,
  )
})

test('without a change the text leaves byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const list = await readOk(text)
      const kept = write(list, { dropped: new Set(), added: [] }, [])
      if (!list.layout.root.entries.some(({ key }) => key === 'results')) expect(kept).toBe(text)
      expect(itemsOf(kept)).toEqual(itemsOf(text))
    }),
    runs,
  )
})

function envoyFilter(name: string): KubernetesObject {
  const annotations = {
    'internal.config.kubernetes.io/path': `meltemi/${name}.yaml`,
    'internal.config.kubernetes.io/index': '0',
  }
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name, namespace: 'on', annotations },
    spec: { a: [{ b: ['1', 2] }, {}], 'key with space': null },
  }
}

test('a change leaves the other items byte for byte and in order, and the rest of the text is one valid document', async () => {
  const change = fc.record({
    dropped: fc.array(fc.nat(5)),
    added: fc.constantFrom([], ['x'], ['x', 'yes']),
    remarks: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(anyText, change, async (text, { dropped, added, remarks }) => {
      const list = await readOk(text)
      const drop = new Set(dropped.filter((index) => index < list.items.length))
      // Another item may need the anchor of a dropped one; no item of ours has any.
      fc.pre(!text.includes('&x '))
      const objects = added.map(envoyFilter)
      const written = write(
        list,
        { dropped: drop, added: objects },
        remarks ? [error(undefined, 'a: "b"'), info(undefined, 'yes')] : [],
      )
      const kept = itemsOf(text).filter((_, index) => !drop.has(index))
      expect(itemsOf(written)).toEqual([...kept, ...objects])
      const again = await readOk(written)
      const texts = (of: Layout) => (of.list?.items ?? []).map(({ start, end }) => of.text.slice(start, end).trimEnd())
      expect(texts(again.layout).slice(0, kept.length)).toEqual(
        texts(list.layout).filter((_, index) => !drop.has(index)),
      )
      expect(again.layout.root.entries.some(({ key }) => key === 'results')).toBe(remarks)
      for (const comment of text.match(/^ *# comment at 0/gm) ?? []) expect(written).toContain(comment)
    }),
    runs,
  )
})

test('a second run changes nothing', async () => {
  const isOurs = ({ metadata }: KubernetesObject) => metadata.name === 'x' || metadata.name === 'yes'
  const run = async (text: string) => {
    const list = await readOk(text)
    const outcome = reconcile(list, isOurs, ['x', 'yes'].map(envoyFilter))
    return write(list, resultOf(outcome) ?? { dropped: new Set(), added: [] }, [
      info(undefined, 'said'),
      ...diagnosticsOf(outcome),
    ])
  }
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const once = await run(text)
      expect(await run(once)).toBe(once)
    }),
    runs,
  )
})
