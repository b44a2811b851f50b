import { describe, expect, test } from 'vitest'
import { bound, dubboEntry, istio, onlyPort } from './scene.test-support.ts'

type Fields = Readonly<Record<string, unknown>>

const entry = dubboEntry('orders')

function rule(name: string, subsets: readonly string[], spec: Fields = {}, metadata?: Fields) {
  return istio(
    'DestinationRule',
    name,
    { host: 'orders.dubbo', subsets: subsets.map((subset) => ({ name: subset })), ...spec },
    metadata,
  )
}

function subsetsOf(...objects: ReturnType<typeof istio>[]): readonly string[] {
  return onlyPort(objects).subsets.map(({ name, place }) => `${name} ${place.source.ref.name} ${place.path}`)
}

describe('DestinationRules of one host', () => {
  test('are merged subset by subset, the first by precedence wins, and a repeated one is named', () => {
    const rules = [rule('b', ['v2', 'v3']), rule('a', ['v1', 'v2'])]
    expect(subsetsOf(entry, ...rules)).toEqual(['v1 a spec.subsets[0]', 'v2 a spec.subsets[1]', 'v3 b spec.subsets[1]'])
    expect(bound([entry, ...rules]).said).toEqual([
      'warning DestinationRule shop/b spec.subsets[0]: subset "v2" is ignored: DestinationRule shop/a defines it first, at `spec.subsets[1]`',
    ])
  })

  test('the older first', () => {
    const old = rule('b', ['v1'], {}, { creationTimestamp: '2024-01-01T00:00:00Z' })
    expect(subsetsOf(entry, rule('a', ['v1']), old)).toEqual(['v1 b spec.subsets[0]'])
  })

  test('the more specific host alone', () => {
    expect(subsetsOf(entry, rule('any', ['v9'], { host: '*.dubbo' }), rule('z', ['v1']))).toEqual([
      'v1 z spec.subsets[0]',
    ])
    expect(subsetsOf(entry, rule('any', ['v9'], { host: '*.dubbo' }))).toEqual(['v9 any spec.subsets[0]'])
  })

  test('the namespace of the service before the root namespace', () => {
    const root = rule('root', ['v9'], {}, { namespace: 'istio-system' })
    expect(subsetsOf(entry, root)).toEqual(['v9 root spec.subsets[0]'])
    expect(subsetsOf(entry, root, rule('own', ['v1']))).toEqual(['v1 own spec.subsets[0]'])
  })

  test('that of the only client namespace before all', () => {
    const scoped = dubboEntry('orders', { exportTo: ['client'] })
    expect(subsetsOf(scoped, rule('own', ['v1']), rule('theirs', ['v2'], {}, { namespace: 'client' }))).toEqual([
      'v2 theirs spec.subsets[0]',
    ])
  })

  test('in a namespace that does not count do not define subsets, and are named', () => {
    const route = [{ destination: { host: 'orders.dubbo', subset: 'v2' } }]
    const { said } = bound([
      entry,
      rule('far', ['v2'], {}, { namespace: 'far' }),
      istio('VirtualService', 'v', { hosts: ['orders.dubbo'], http: [{ route }] }),
    ])
    expect(said[0]).toContain(
      'no DestinationRule for orders.dubbo applies; DestinationRule far/far has it, but applies to other clients or is outranked',
    )
  })
})
