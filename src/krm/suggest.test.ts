import { expect, test } from 'vitest'
import { suggest } from './suggest.ts'

test.each([
  ['matchByPrt', 'matchByPort'],
  ['MATCHBYPORT', 'matchByPort'],
  ['priorty', 'priority'],
  ['mtsl', 'mtls'],
  ['acknowledgement', 'acknowledge'],
  ['somethingElse', undefined],
  ['x', undefined],
])('%s: did you mean %s?', (word, expected) => {
  expect(suggest(word, ['priority', 'mtls', 'matchByPort', 'acknowledge', 'ab'])).toBe(expected)
})

test('of two that are as near, the first by code unit', () => {
  expect(suggest('abcx', ['abcz', 'abcA'])).toBe('abcA')
})
