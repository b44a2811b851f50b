import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { execute } from './execute.ts'
import type { Protocol } from './protocol.ts'
import { documents, protocolWith } from './varying-protocol.test-support.ts'

interface Patch {
  readonly match: { readonly proxy?: { readonly proxyVersion: string } }
  readonly patch: { readonly value: { readonly typed_config: object } }
}

interface Filter {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: { readonly configPatches: readonly Patch[] }
}

async function rendered(
  protocol: Protocol,
): Promise<{ readonly filters: readonly Filter[]; readonly exitCode: number; readonly messages: string }> {
  const { output = '', exitCode, messages } = await execute(documents, protocol)
  const { items } = load(output) as { readonly items: readonly Filter[] }
  return { filters: items.filter(({ kind }) => kind === 'EnvoyFilter'), exitCode, messages }
}

describe('releases that want different configs', () => {
  test('get a filter each, for their own proxies: disjoint, and together the range', async () => {
    const { filters, exitCode } = await rendered(protocolWith(true, '1.31'))
    expect(exitCode).toBe(0)
    expect(new Set(filters.map(({ metadata }) => metadata.name)).size).toBe(2)
    const versions = filters.flatMap(({ spec }) =>
      spec.configPatches.map(({ match }) => match.proxy?.proxyVersion ?? ''),
    )
    expect(versions).toEqual(['^(1\\.29|1\\.30)([^0-9].*)?$', '^(1\\.31)([^0-9].*)?$'])
    const limited = filters.map(({ spec }) =>
      spec.configPatches.map(({ patch }) => 'max_bson_depth' in patch.value.typed_config),
    )
    expect(limited).toEqual([[false], [true]])
    const takers = ['1.29.6', '1.30.0-rc.0', '1.30-alpha.2', '1.31.0', '1.31'].map((version) =>
      versions.map((one) => new RegExp(one).test(version)),
    )
    expect(takers).toEqual([
      [true, false],
      [true, false],
      [true, false],
      [false, true],
      [false, true],
    ])
    expect(versions.filter((one) => new RegExp(one).test('1.310.0'))).toEqual([])
  })

  test('get one filter for all proxies when they want the same', async () => {
    const { filters } = await rendered(protocolWith(true, '9'))
    expect(filters).toHaveLength(1)
    expect(filters[0]?.spec.configPatches[0]?.match.proxy).toBeUndefined()
  })

  test('of a protocol that does not vary get the oldest release, and what it lacks is an error', async () => {
    const { filters, exitCode } = await rendered(protocolWith(false, '1.31'))
    expect([filters.length, exitCode]).toEqual([1, 0])
    const tooNew = await rendered(protocolWith(false, '1.29'))
    expect([tooNew.filters.length, tooNew.exitCode]).toEqual([0, 1])
    expect(tooNew.messages).toContain('`max_bson_depth` needs Envoy 1.39 (Istio 1.31)')
  })
})

test('an exception in a protocol says so, with the object in hand', async () => {
  const broken = {
    ...protocolWith(false, '9'),
    outbound: () => {
      throw new Error('boom')
    },
  }
  const { filters, exitCode, messages } = await rendered(broken)
  expect([filters.length, exitCode]).toEqual([0, 1])
  expect(messages).toContain('this is a bug in meltemi, please report it: translating Service shop/db threw "boom"')
})
