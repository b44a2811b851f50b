import { describe, expect, test } from 'vitest'
import type { ObjectRef } from '../krm/object.ts'
import { heldBack, type Speech } from './held-back.ts'

const speech: Speech = {
  kind: 'Thing',
  named: ['a'],
  served: new Map([
    ['a.shop.svc.cluster.local', 'shop'],
    ['b.shop.svc.cluster.local', 'shop'],
    ['a.bank.svc.cluster.local', 'bank'],
  ]),
  reach: 'namespace',
  clusterDomain: 'cluster.local',
}

const EVERY = [...speech.served.keys()]

function held(metadata: unknown, more: Partial<Speech> = {}, written: Partial<ObjectRef> = {}) {
  const { namespace }: { readonly namespace?: unknown } = Object(metadata)
  const ref = {
    apiVersion: 'example.com/v1',
    kind: 'Thing',
    name: 'one',
    ...(typeof namespace === 'string' ? { namespace } : {}),
    ...written,
  }
  const { hosts, diagnostics } = heldBack({ source: { ref, item: 3 }, value: { metadata } }, { ...speech, ...more })
  return { hosts, said: diagnostics.map(({ severity, message }) => `${severity}: ${message}`) }
}

const SHOP = { namespace: 'shop' }

describe('an object in error', () => {
  test('whose hosts can be read holds back those, and nothing more needs to be said', () => {
    expect(held(SHOP)).toEqual({ hosts: ['a.shop.svc.cluster.local'], said: [] })
  })

  test('holds back no host that no filter is for', () => {
    expect(held(SHOP, { named: ['missing', 'b'] }).hosts).toEqual(['b.shop.svc.cluster.local'])
  })

  test('holds back hosts of another namespace only where its kind speaks for them', () => {
    const named = ['a.bank.svc.cluster.local']
    expect(held(SHOP, { named }).hosts).toEqual([])
    expect(held(SHOP, { named, reach: 'any' }).hosts).toEqual(named)
  })

  test('whose hosts cannot be read holds back all of its namespace', () => {
    expect(held(SHOP, { named: undefined })).toEqual({
      hosts: ['a.shop.svc.cluster.local', 'b.shop.svc.cluster.local'],
      said: [
        'error: speaks for hosts that cannot be read, so it may be any of namespace shop: none of them gets a filter until the errors of this object are mended',
      ],
    })
  })

  test('whose hosts cannot be read holds back all there are where its kind speaks for any', () => {
    const { hosts, said } = held(SHOP, { named: undefined, reach: 'any' })
    expect(hosts).toEqual(EVERY)
    expect(said[0]).toContain('so it may be any: none')
  })

  test.each([[{ namespace: 7 }], [['shop']], ['shop']])(
    'with the metadata %j may be of any namespace, whatever it names, and holds back all there are',
    (metadata) => {
      const { hosts, said } = held(metadata)
      expect(hosts).toEqual(EVERY)
      expect(said[0]).toContain('so it may be any: none')
    },
  )

  test('without a namespace is of the default one', () => {
    expect(held({}, { served: new Map([['a.default.svc.cluster.local', 'default']]) }).hosts).toEqual([
      'a.default.svc.cluster.local',
    ])
  })

  test('without a name is named by its place', () => {
    expect(held(SHOP, { named: undefined }, { name: '' }).said[0]).toMatch(
      /^error: `items\[3\]` \(a Thing\) speaks for/,
    )
  })

  test('that may speak for no host of the list is not said to', () => {
    expect(held({ namespace: 'empty' }, { named: undefined })).toEqual({ hosts: [], said: [] })
  })
})
