import { expect, test } from 'vitest'
import { hostFinder } from './near.ts'

const shop = (name: string) => `${name}.shop.svc.cluster.local`

test('finds the same first label elsewhere before any slip', () => {
  const near = hostFinder([shop('cart'), 'carts.bank.svc.cluster.local'])
  expect(near(shop('carts'))).toEqual(['carts.bank.svc.cluster.local'])
})

test('finds at most three slips, the nearest first, and those equally near by name', () => {
  const near = hostFinder(['cartzz', 'carta', 'cards', 'cardz', 'far'].map(shop))
  expect(near(shop('cart'))).toEqual(['carta', 'cards', 'cardz'].map(shop))
  expect(near(shop('elsewhere'))).toEqual([])
})
