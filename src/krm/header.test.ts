import { expect, test } from 'vitest'
import { headerOf } from './header.ts'
import { sniffHeader } from './sniff-header.ts'

const TYPE = '- apiVersion: v1\n  kind: Service\n'

function sniff(text: string) {
  return sniffHeader(text, { start: 0, end: text.length }, 0)
}

test('the newer generation of annotations wins, and an index may be a number', () => {
  const old = '      config.kubernetes.io/path: old.yaml\n      config.kubernetes.io/index: 1\n'
  const lines = `      internal.config.kubernetes.io/path: 'new.yaml'\n      internal.config.kubernetes.io/index: "2"\n`
  const item = (annotations: string) => `${TYPE}  metadata:\n    name: a\n    annotations:\n${annotations}`
  const ref = { apiVersion: 'v1', kind: 'Service', name: 'a' }
  expect(sniff(item(old + lines))).toEqual({ ref, file: { path: 'new.yaml', index: 2 } })
  expect(sniff(item(lines + old))).toEqual({ ref, file: { path: 'new.yaml', index: 2 } })
  expect(sniff(item(old))).toEqual({ ref, file: { path: 'old.yaml', index: 1 } })
  const annotations = {
    'config.kubernetes.io/path': 'a',
    'config.kubernetes.io/index': 3,
    'internal.config.kubernetes.io/path': 'b',
  }
  expect(headerOf({ metadata: { annotations } }).file).toEqual({ path: 'b', index: 3 })
})

test('an index that is no position is 0', () => {
  for (const index of ['x', '-1', '1.5', {}])
    expect(
      headerOf({ metadata: { annotations: { 'config.kubernetes.io/path': 'a', 'config.kubernetes.io/index': index } } })
        .file,
    ).toEqual({ path: 'a', index: 0 })
})

test.each([
  ['a key that stands twice', `${TYPE}  metadata:\n    name: a\n    name: b\n`],
  ['a name over two lines', `${TYPE}  metadata:\n    name: a\n      b\n`],
  ['a name that is a number', `${TYPE}  metadata:\n    name: 1e3\n`],
  ['a name that is a boolean', `${TYPE}  metadata:\n    name: true\n`],
  ['an escape', `${TYPE}  metadata:\n    name: "\\x61"\n`],
  ['an anchor', `${TYPE}  metadata: &m\n    name: a\n`],
  ['an alias', `${TYPE}  metadata:\n    name: *a\n`],
  ['a merge key', `- <<: *base\n  apiVersion: v1\n  kind: Service\n  metadata: {name: a}\n`],
  ['flow style', `${TYPE}  metadata: {name: a}\n`],
  ['a tab', `${TYPE}  metadata:\n    name: a\t# b\n`],
  ['a line separator', `${TYPE}  metadata:\n    name: a\u2028b\n`],
  ['no name', `${TYPE}  metadata:\n    labels:\n      name: a\n`],
  ['no kind', '- apiVersion: v1\n  metadata:\n    name: a\n'],
  [
    'a quoted key among the annotations',
    `${TYPE}  metadata:\n    name: a\n    annotations:\n      "config.kubernetes.io/path": a\n`,
  ],
])('%s is for the parser', (_, text) => {
  expect(sniff(text)).toBeUndefined()
})
