import fc from 'fast-check'
import { expect, test } from 'vitest'
import { believable } from './tolerance.ts'

test('a fair coin thrown twenty times: all heads is one in a million, so believable is from 1 to 19', () => {
  // 2^-20 is 0.95e-6, which is more than the half of 1e-6 that each side is allowed: 0 and 20 stay in.
  expect(believable(20, 0.5)).toEqual({ least: 0, most: 20 })
  expect(believable(22, 0.5)).toEqual({ least: 1, most: 21 })
})

test('400 calls at 80 percent are told from 50 percent and from 95', () => {
  const { least, most } = believable(400, 0.8)
  expect(least).toBeGreaterThan(200)
  expect(most).toBeLessThan(380)
  expect(least).toBeLessThan(300)
  expect(most).toBeGreaterThan(340)
})

test('what is believable of one side is what is left of the other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 99 }), (trials, percent) => {
      const one = believable(trials, percent / 100)
      const other = believable(trials, 1 - percent / 100)
      expect(Math.abs(one.least - (trials - other.most))).toBeLessThanOrEqual(1)
      expect(one.least).toBeLessThanOrEqual((trials * percent) / 100)
      expect(one.most).toBeGreaterThanOrEqual((trials * percent) / 100)
    }),
  )
})
