import { expect, test } from 'vitest'
import parseFull from './parse-full.ts'
import { parsePlain } from './parse-plain.ts'

/** Read by its characters alone, and as the full parser reads it. */
test.each([
  ['fields', 'a: 1\nb: two words\nc: "quoted: # \u00fc"\nd: \'single\'\n'],
  ['words that are values', 'a: true\nb: False\nc: null\nd:\ne: yes\nf: on\n'],
  ['numbers', 'a: 0\nb: -7\nc: 20880\nd: 10.96.0.10\ne: 10.0.0.0/8\nf: 5s\ng: 500ms\nh: 128Mi\ni: 100m\nj: 2k\n'],
  ['words with signs', 'a: redis:7-alpine\nb: /var/run/x.sock\nc: a=b,c=(d)\nd: v1+x@y\ne: a - b\n'],
  ['keys', 'app.kubernetes.io/name: x\n"@type": y\n\'quoted\': z\n"true": w\n'],
  ['a list below its key', 'ports:\n- name: a\n  port: 1\n-\n  name: b\n- c\n- -1\nnext: 1\n'],
  ['a list deeper than its key', 'ports:\n  - name: a\n    port: 1\n  # between\n\n  - name: b\n'],
  ['an entry without a value', '- \n- # none\n- a\n'],
  ['flow style', 'a: [x, "y", 1, true]\nb: {c: d, e: {f: [g]}, "h": i} # end\nj: [ ]\nk: {}\n'],
  ['flow entries', '- [a, b]\n- {a: 1}\n- []\n'],
  ['an entry without a value at the end of an inner list', '- a:\n    - b\n    -\n- c: d\n'],
  ['and deeper than its key', 'a:\n- b:\n  -\n- c\n'],
  ['comments and blank lines', '# top\n\na: 1 # one\n  # deep\nb: # two\n  c: 3\n\n# end\n'],
  ['returns', 'a: 1\r\nb:\r\n- c # d\r\n'],
  ['no last line end', '- a:\n    b: c'],
])('%s', (_, text) => {
  const full = parseFull(text, false)
  expect(full.ok).toBe(true)
  expect(parsePlain(text)).toEqual({ value: full.ok ? full.value : undefined })
})

/** YAML with a meaning of its own, or none. */
test.each([
  ['nothing', ''],
  ['a scalar', 'words'],
  ['two documents', 'a: 1\n---\nb: 2\n'],
  ['a marker', '---\na: 1\n'],
  ['an end', 'a: 1\n...\n'],
  ['a second value for a key', 'a: 1\na: 2\n'],
  ['a second value for a quoted key', 'a: 1\n"a": 2\n'],
  ['a second value for a key in flow style', 'a: [1]\na: [2]\n'],
  ['a second value in flow style', 'x: {a: 1, a: 2}\n'],
  ['a word that goes on', 'a: b\n  c\n'],
  ['quotes that go on', 'a: "b\n  c"\n'],
  ['flow style that goes on', 'a: [b,\n  c]\n'],
  ['a value behind flow style', 'a: [b] c\n'],
  ['a block of text', 'a: |\n  b\n'],
  ['a folded text', '- >-\n  b\n'],
  ['an anchor', 'a: &b\n  c: 1\n'],
  ['an alias', 'a: *b\n'],
  ['a tag', 'a: !!str 1\n'],
  ['a merge', 'a:\n  <<: {b: 1}\n'],
  ['an escape', 'a: "\\n"\n'],
  ['an escaped quote', "a: 'it''s'\n"],
  ['a tab', 'a:\t1\n'],
  ['an indent by a tab', 'a:\n\tb: 1\n'],
  ['a character that YAML has not', 'a: "\u0007"\n'],
  ['one in a comment', 'a: 1 # \u0007\n'],
  ['a float', 'a: 1.5\n'],
  ['an octal', 'a: 0o17\n'],
  ['a leading zero', 'a: 017\n'],
  ['a negative zero', 'a: -0\n'],
  ['an integer beyond doubles', 'a: 12345678901234567890\n'],
  ['a power', 'a: 1e3\n'],
  ['an exabyte, which looks like one', 'a: 1E\n'],
  ['a date', 'a: 2024-05-01\n'],
  ['a tilde', 'a: ~\n'],
  ['a key that is a value', 'true: 1\n'],
  ['a key that is a number', '1: 1\n'],
  ['the key of every object', '__proto__: 1\n'],
  ['a complex key', '? a\n: b\n'],
  ['a field in a value', 'a: b: c\n'],
  ['a list in a list', '- - a\n'],
  ['a dash right of its list', '- a\n - b\n'],
  ['a field left of its map', '  a: 1\n b: 2\n'],
  ['a list where a field belongs', 'a: 1\n- b\n'],
  ['a field where an entry belongs', '- a\nb: 1\n'],
  ['an entry deeper than its first field', '-   a: 1\n  b: 2\n'],
  ['a tab on a line of its own', 'a: 1\n\t\nb: 2\n'],
  ['a line between the columns', 'a:\n    b: 1\n  c: 2\n'],
  ['a lone return', 'a: 1\rb: 2\n'],
  ['a line of millions of characters', `a: ${'b'.repeat(9_000_000)}\n`],
  ['too deep', `a: ${'['.repeat(100)}${']'.repeat(100)}\n`],
  ['too deep in lines', Array.from({ length: 100 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
])('not sure of %s', (_, text) => {
  expect(parsePlain(text)).toBeUndefined()
})
