import { expect, test } from 'vitest'
import { stepsOf } from './laws/answers.ts'
import { has, view } from './view.ts'

const LIST = `# above
kind: ResourceList
items:
# about a
- kind: A
  metadata: {name: a} # behind
- kind: B
  data: |
    text
`

test('items have their own text, and the text with what stands above them', () => {
  const seen = view(LIST)
  expect(seen).toMatchObject({
    items: [
      { value: { kind: 'A', metadata: { name: 'a' } }, text: 'kind: A\n  metadata: {name: a} # behind' },
      { value: { kind: 'B', data: 'text\n' }, text: 'kind: B\n  data: |\n    text' },
    ],
  })
  const gaps = typeof seen === 'string' ? [] : seen.items.map(({ textWithGap }) => textWithGap)
  expect(gaps.join('')).toBe(LIST.trimEnd())
})

test.each([
  ['kind: List\nitems: []', 'its `kind` is not `ResourceList`'],
  ['- a', 'it is no mapping'],
  ['a: [', expect.stringContaining('Flow sequence')],
])('%j is no ResourceList', (text, reason) => {
  expect(view(text)).toEqual(reason)
})

test('a path of a result is read as its steps', () => {
  expect(stepsOf('spec.ports[0].number')).toEqual(['spec', 'ports', 0, 'number'])
  expect(stepsOf('metadata.annotations["a.b/c"]')).toEqual(['metadata', 'annotations', 'a.b/c'])
  expect(stepsOf('')).toEqual([])
})

test('an address exists even where nothing stands', () => {
  expect(has({ a: [{ b: null }] }, ['a', 0, 'b'])).toBe(true)
  expect(has({ a: [{ b: null }] }, ['a', 1])).toBe(false)
})
