import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runtimeFraction } from './percentage.ts'

const factors = { HUNDRED: 1, TEN_THOUSAND: 100, MILLION: 10_000 }

test.each([
  [100, 100, 'HUNDRED'],
  [5, 5, 'HUNDRED'],
  [0.5, 50, 'TEN_THOUSAND'],
  [0.07, 7, 'TEN_THOUSAND'],
  [33.3333, 333_333, 'MILLION'],
  [0.0001, 1, 'MILLION'],
])('%f % is %i of a %s', (percentage, numerator, denominator) => {
  expect(runtimeFraction(percentage)).toEqual({ default_value: { numerator, denominator } })
})

test.each([33.33333, 0.00001, 100 / 3])('%f % cannot be said', (percentage) => {
  expect(runtimeFraction(percentage)).toBeUndefined()
})

test('every step of Envoy is said without loss', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (millionths) => {
      const fraction = runtimeFraction(millionths / 10_000)?.default_value
      expect(fraction && fraction.numerator * (10_000 / factors[fraction.denominator])).toBe(millionths)
    }),
  )
})
