import { describe, expect, test } from 'vitest'
import { policyParts } from './traffic-policy.ts'

function parts(specs: readonly object[], port = 6379, subset?: string) {
  const rules = specs.map((spec, item) => {
    const ref = { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', name: `rule-${item}` }
    return { value: { metadata: { name: ref.name }, spec: { host: 'cache', ...spec } }, source: { item, ref } }
  })
  const found = policyParts({ rules, subsets: [] }, port, subset)
  return Object.fromEntries(Object.entries(found).map(([name, { value, place }]) => [name, [value, place.path]]))
}

const simple = (name: string) => ({ simple: name })

test('what the host says', () => {
  expect(parts([{ trafficPolicy: { loadBalancer: simple('RANDOM'), tls: { mode: 'DISABLE' } } }])).toEqual({
    loadBalancer: [simple('RANDOM'), 'spec.trafficPolicy.loadBalancer'],
    tls: [{ mode: 'DISABLE' }, 'spec.trafficPolicy.tls'],
  })
})

test('a part that is null is absent', () => {
  expect(parts([{ trafficPolicy: { loadBalancer: null } }])).toEqual({})
})

test('of several rules the first that has a policy', () => {
  const rules = [{}, { trafficPolicy: { loadBalancer: simple('RANDOM') } }, { trafficPolicy: { tls: {} } }]
  expect(parts(rules)).toEqual({ loadBalancer: [simple('RANDOM'), 'spec.trafficPolicy.loadBalancer'] })
})

describe('a subset', () => {
  const trafficPolicy = { loadBalancer: simple('RANDOM'), tls: { mode: 'DISABLE' } }
  const subsets = [{ name: 'v1', trafficPolicy: { loadBalancer: simple('ROUND_ROBIN') } }, { name: 'v2' }]

  test('stands over the host, part by part', () => {
    expect(parts([{ trafficPolicy, subsets }], 6379, 'v1')).toEqual({
      loadBalancer: [simple('ROUND_ROBIN'), 'spec.subsets[0].trafficPolicy.loadBalancer'],
      tls: [{ mode: 'DISABLE' }, 'spec.trafficPolicy.tls'],
    })
  })

  test('that says nothing has the host’s', () => {
    expect(parts([{ trafficPolicy, subsets }], 6379, 'v2')).toEqual(parts([{ trafficPolicy }]))
  })
})

describe('settings for a port', () => {
  const trafficPolicy = {
    loadBalancer: simple('RANDOM'),
    proxyProtocol: { version: 'V1' },
    portLevelSettings: [{ port: { number: 6379 }, tls: { mode: 'DISABLE' } }],
  }

  test('stand instead of the host’s, defaults included', () => {
    expect(parts([{ trafficPolicy }])).toEqual({
      tls: [{ mode: 'DISABLE' }, 'spec.trafficPolicy.portLevelSettings[0].tls'],
      proxyProtocol: [{ version: 'V1' }, 'spec.trafficPolicy.proxyProtocol'],
    })
  })

  test('are of that port alone', () => {
    expect(Object.keys(parts([{ trafficPolicy }], 6380))).toEqual(['loadBalancer', 'proxyProtocol'])
  })
})
