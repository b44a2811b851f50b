import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readMinors } from '../../../tools/envoy-api/roots.ts'
import { SUPPORTED_ISTIO } from '../../mesh/profile.ts'
import { envoyMinors, envoyOf, isOlder, istioOf, supportedIstio } from './minors.ts'

test('every release that a profile may name has an Envoy whose API is known', () => {
  expect(supportedIstio).toEqual(SUPPORTED_ISTIO)
  expect(readMinors().map(({ istio, minor }) => [istio, minor])).toEqual(
    supportedIstio.map((one) => [one, envoyOf(one)]),
  )
})

test('the mesh tier proves with the same releases', () => {
  const file = new URL('../../../test/mesh/envoy-versions.json', import.meta.url)
  const { versions } = JSON.parse(readFileSync(file, 'utf8'))
  const mesh = versions.map(({ istio, envoy }: { istio: string; envoy: string }) => [istio, envoy])
  expect(readMinors().map(({ istio, binary }) => [istio, binary])).toEqual(mesh)
})

test('there and back', () => {
  expect(supportedIstio.map((release) => istioOf(envoyOf(release) ?? ''))).toEqual(supportedIstio)
})

test('a release that nobody has heard of has none', () => {
  expect(envoyOf('1.99')).toBeUndefined()
  expect(istioOf('1.10')).toBeUndefined()
  expect(envoyMinors(['1.30', '1.99', '1.29'])).toEqual(['1.38', '1.37'])
})

test('releases are compared as numbers', () => {
  expect(isOlder('1.9', '1.10')).toBe(true)
  expect(isOlder('1.10', '1.9')).toBe(false)
  expect(isOlder('1.37', '1.37')).toBe(false)
  expect(isOlder('1.99', '2.0')).toBe(true)
})
