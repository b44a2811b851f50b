import { describe, expect, test } from 'vitest'
import type { JsonObject, Resource } from '../control-plane.ts'
import type { Effect } from './effects.ts'
import { clustersNamed, shapeFindings } from './shape.ts'
import { snapshot } from './snapshot.ts'

const TCP: JsonObject = { name: 'envoy.filters.network.tcp_proxy' }
const dubbo: JsonObject = {
  name: 'dubbo',
  typed_config: { '@type': 'D', stat_prefix: 'orders', cluster: 'outbound|1||orders', timeout: '1s', action: 'ALLOW' },
}

function listener(filters: readonly JsonObject[]): Resource {
  return { proxy: 'client.shop', kind: 'listener', name: '10.96.0.7_1', value: { filter_chains: [{ filters }] } }
}

function effect(operation: string, was: readonly JsonObject[], now: readonly JsonObject[]): Effect {
  const value = { applyTo: 'NETWORK_FILTER', patch: { operation, value: dubbo } }
  const filter = { apiVersion: 'a/v1', kind: 'EnvoyFilter', metadata: { name: 'a', namespace: 'shop' } }
  const before = snapshot([listener(was)])
  const after = snapshot([listener(now)])
  return { patch: { filter, index: 0, value }, before, after, changes: [listener(now)] }
}

function fault(operation: string, was: readonly JsonObject[], now: readonly JsonObject[]): string | undefined {
  return shapeFindings([effect(operation, was, now)])[0]?.message.replace(/^.* of client\.shop /, '')
}

describe('a replaced filter', () => {
  test('ends the chain, in full', () => {
    // An enumeration's zero value is not printed, and durations are printed another way.
    const { action: _, ...printed } = Object(dubbo.typed_config)
    expect(fault('REPLACE', [TCP], [{ ...dubbo, typed_config: { ...printed, timeout: '1.000s' } }])).toBeUndefined()
  })

  test('must be the last, and tcp_proxy be gone', () => {
    expect(fault('REPLACE', [TCP], [dubbo, TCP])).toMatch(/^must end with `dubbo`/)
    expect(fault('REPLACE', [TCP], [TCP, dubbo])).toBe('still has `tcp_proxy`')
  })

  test('must have kept every text of the patch', () => {
    const lost = { ...dubbo, typed_config: { '@type': 'D', stat_prefix: 'orders' } }
    expect(fault('REPLACE', [TCP], [lost])).toBe('has lost "outbound|1||orders" of the patch')
  })
})

describe('an inserted filter', () => {
  test('stands before the one that ends the chain', () => {
    expect(fault('INSERT_BEFORE', [TCP], [dubbo, TCP])).toBeUndefined()
    expect(fault('INSERT_BEFORE', [TCP], [TCP, dubbo])).toMatch(/^must still end with/)
  })

  test('must not be there a second time, unless chains may have several', () => {
    expect(fault('INSERT_BEFORE', [dubbo, TCP], [dubbo, dubbo, TCP])).toBe('has `dubbo` twice')
    const rbac = { name: 'envoy.filters.network.rbac' }
    expect(fault('INSERT_BEFORE', [rbac, rbac, TCP], [dubbo, rbac, rbac, TCP])).toBeUndefined()
  })
})

test('clusters that a filter calls are found in its config', () => {
  expect([...clustersNamed([effect('REPLACE', [TCP], [dubbo])])]).toEqual(['outbound|1||orders'])
})
