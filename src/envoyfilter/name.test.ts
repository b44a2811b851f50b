import { expect, test } from 'vitest'
import { labelName } from './name.ts'

test.each(['a', 'my.cache_Pass-1', 'x'.repeat(63)])('%s is a label already', (text) => {
  expect(labelName(text)).toBe(text)
})

test.each(['x'.repeat(64), 'x'.repeat(200), '_a', 'a.', 'a/b', '', '/', 'ä', 'a b'])(
  '%j becomes one, and none that another text has',
  (text) => {
    const made = labelName(text)
    expect(made).toMatch(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/)
    expect(made).not.toBe(labelName(`${text}.`))
  },
)
