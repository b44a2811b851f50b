import fc from 'fast-check'
import { CORE_SCHEMA, load, YAML11_SCHEMA } from 'js-yaml'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { emitBlock, emitJson } from './emit-yaml.ts'

/** Strings that one YAML reader or another takes for something else, or cannot read at all when they stand plain. */
const NASTY = [
  ...[
    '',
    ' ',
    'a ',
    ' a',
    '~',
    'null',
    'Null',
    'NULL',
    'true',
    'True',
    'TRUE',
    'false',
    'yes',
    'Yes',
    'YES',
    'no',
    'on',
    'ON',
    'off',
    'y',
    'Y',
    'n',
    'N',
    'e0',
    'E0',
  ],
  ...[
    '0',
    '-0',
    '+1',
    '1',
    '0777',
    '0o14',
    '0O14',
    '0x1F',
    '0b11',
    '1_000',
    '1__2',
    '0b1_1',
    '685_230.15',
    '1e3',
    '1E3',
    '1.',
    '.5',
    '.inf',
    '-.INF',
    '.nan',
    'inf',
    'nan',
    'NaN',
  ],
  ...['12:30:45', '1:60', '2024-05-01', '2024-05-01T00:00:00Z', '2024-05-01 00:00:00', '12345678901234567890', '1e400'],
  ...[
    'a: b',
    'a:',
    ':a',
    'a #b',
    '#a',
    '- a',
    '-',
    '--',
    '---',
    '...',
    '? a',
    '?',
    '!a',
    '&a',
    '*a',
    '|',
    '>',
    '%a',
    '@a',
    '`a',
    '{',
    '}',
    '[',
    ']',
    ',',
    '{a: b}',
    '[a]',
    'a, b',
    '<<',
    '=',
  ],
  ...[
    '"',
    "'",
    '"a"',
    "it's",
    '\\',
    '\\n',
    'a\nb',
    'a\n',
    '\n',
    '\r',
    'a\r\nb',
    '\t',
    'a\tb',
    '\0',
    '\u0007',
    '\u001b',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\ufffe',
    '\uffff',
    '\u{1f600}',
    '\u00fc',
  ],
  ...[
    'outbound|20880||orders.shop',
    'type.googleapis.com/envoy.x',
    '/abs/path',
    '_',
    '__proto__',
    'constructor',
    'a'.repeat(200),
    'word '.repeat(60),
  ],
]

const readers: readonly (readonly [string, (text: string) => unknown])[] = [
  ['yaml 1.2', (text) => parse(text)],
  ['yaml 1.1', (text) => parse(text, { version: '1.1' })],
  ['js-yaml default', (text) => load(text, { schema: YAML11_SCHEMA })],
  ['js-yaml core', (text) => load(text, { schema: CORE_SCHEMA })],
]

function emitted(value: object): string {
  return emitBlock(value, 0).join('\n')
}

test.each(readers)('%s reads every nasty string as it was, as a value, in a list and as a key', (_, reader) => {
  for (const text of NASTY) {
    const value = Object.fromEntries([
      ['value', text],
      ['list', [text, [text]]],
      [text === '' ? 'empty' : text, 1],
    ])
    expect(reader(emitted(value))).toEqual(value)
    expect(reader(`[${emitJson(value)}]`)).toEqual([value])
  }
})

test.each(readers)('%s reads any value as it was', (_, reader) => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom(...NASTY),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
      ),
      fc.array(tie('any'), { maxLength: 3 }),
      tie('map'),
    ),
    // As a key of a literal, `__proto__` is no key at all.
    map: fc.dictionary(
      fc.oneof(
        fc.string().filter((key) => key !== '__proto__'),
        fc.constantFrom('a', 'on', 'spec'),
      ),
      tie('any'),
      {
        maxKeys: 4,
        minKeys: 1,
        noNullPrototype: true,
      },
    ),
  })).map
  fc.assert(
    fc.property(value, (map) => {
      fc.pre(typeof map === 'object' && map !== null)
      expect(reader(emitted(map ?? {}))).toEqual(map)
    }),
  )
})

test('names, paths and versions stay plain; order stays; lists stand below their key', () => {
  const value = {
    kind: 'EnvoyFilter',
    apiVersion: 'networking.istio.io/v1alpha3',
    spec: { list: [{ b: 1, a: [] }, [[true]]], none: {}, absent: undefined, nil: null, ratio: 0.5 },
  }
  expect(emitted(value)).toBe(`kind: EnvoyFilter
apiVersion: networking.istio.io/v1alpha3
spec:
  list:
  - b: 1
    a: []
  - - - true
  none: {}
  nil: null
  ratio: 0.5`)
})

test('everything else is a JSON string on one line, escaped where a reader would stumble', () => {
  expect(emitted({ a: `${'long '.repeat(100)}\n`, b: '\u2028\u0085', c: '\ud800' })).toBe(
    `a: "${'long '.repeat(100)}\\n"\nb: "\\u2028\\u0085"\nc: "\ufffd"`,
  )
})
