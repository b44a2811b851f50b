import { expect, test } from 'vitest'
import { SUPPORTED_ISTIO } from '../../../src/mesh/profile.ts'
import { envoyVersions } from './envoy-binary.ts'

test('an Envoy is proven for every Istio release that is supported, and for no other', () => {
  expect(envoyVersions().map(({ istio }) => istio)).toEqual(SUPPORTED_ISTIO)
})

test('every download has a hash', () => {
  for (const { sha256 } of envoyVersions())
    expect(Object.values(sha256).filter((hash) => /^[0-9a-f]{64}$/.test(hash))).toHaveLength(2)
})
