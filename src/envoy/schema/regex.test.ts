import { expect, test } from 'vitest'
import { isPlain, re2Problems } from './regex.ts'

const RIGHT = [
  '',
  'get.*',
  '.+',
  'a\\.b',
  '(?i)get',
  '[a-z]{1,1000}',
  '\\d+|\\w*?',
  '(?P<name>x)',
  '[[:alpha:]]',
  '\\x{FF}',
  '(?s).',
  'é',
]
const WRONG = [
  '(',
  ')',
  '[a',
  'a{1001}',
  '*a',
  'a**',
  '(?=a)',
  '(?!a)',
  '(?<=a)b',
  '(?<!a)b',
  '(a)\\1',
  '\\',
  '(?>a)',
  'a++',
  '\\h',
  '[z-a]',
  '(?P<x',
]

test('what RE2 takes', async () => {
  expect((await re2Problems(RIGHT)).map((problem, i) => (problem === undefined ? undefined : RIGHT[i]))).toEqual(
    RIGHT.map(() => undefined),
  )
})

test('what RE2 refuses is never plain, and gets a reason', async () => {
  expect(WRONG.filter(isPlain)).toEqual([])
  for (const [i, problem] of (await re2Problems(WRONG)).entries())
    expect(problem?.message, WRONG[i]).toMatch(/must be a regular expression of RE2/)
})

test('what a proxy refuses for its size', async () => {
  const patterns = ['(?:[^a]{1,30}){1,30}(?:[^a]{1,30}){1,30}', '\\pL{1,90}', '[a-z]{1,300}']
  const [large, classes, fine] = await re2Problems(patterns)
  expect(large?.message).toMatch(/must be smaller/)
  expect(classes?.message).toMatch(/must be smaller/)
  expect(fine).toBeUndefined()
})

test.each(['\\pL', '\\x{100}', 'é+', '[é]', '\\400'])('%s means something else from Envoy 1.39 on', async (regex) => {
  expect(await re2Problems([regex])).toEqual([{ message: expect.stringContaining('bytes'), since: '1.39' }])
})
