import fc from 'fast-check'
import { expect, test } from 'vitest'
import { protoDuration } from './duration.ts'

test.each([
  ['5s', '5s'],
  ['0s', '0s'],
  ['0.5s', '0.5s'],
  ['250ms', '0.25s'],
  ['3us', '0.000003s'],
  ['1.5h', '5400s'],
  ['1m30s', '90s'],
  ['1ns', '0.000000001s'],
  ['999999999.5s', '999999999.5s'],
])('%s is %s', (written, expected) => {
  expect(protoDuration(written)).toBe(expected)
})

test.each(['', '5', '5 s', 's', '-1s', '1d', '1s ', '0x5s', '1e3s', '.5s', '1000000000s', '999999999h'])(
  '"%s" is none',
  (written) => {
    expect(protoDuration(written)).toBeUndefined()
  },
)

test('every number of nanoseconds keeps its value', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), (nanoseconds) => {
      const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d+))?s$/.exec(protoDuration(`${nanoseconds}ns`) ?? '') ?? []
      expect(BigInt(whole) * 10n ** 9n + BigInt(fraction.padEnd(9, '0'))).toBe(nanoseconds)
    }),
  )
})
