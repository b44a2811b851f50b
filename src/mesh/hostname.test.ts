import { describe, expect, test } from 'vitest'
import { isAddress, singleAddress } from './address.ts'
import { expandHost, patternsOver } from './hostname.ts'
import { defaultProfile } from './scene.test-support.ts'
import { clientNamespaces, covers, resolveScope } from './visibility.ts'

describe('hosts', () => {
  test.each([
    ['orders', 'orders.shop.svc.example.org'],
    ['orders.shop', 'orders.shop'],
    ['orders.shop.svc.cluster.local', 'orders.shop.svc.cluster.local'],
    ['*', '*'],
    ['*.dubbo', '*.dubbo'],
  ])('%s stands for %s', (host, expanded) => {
    expect(expandHost(host, 'shop', 'example.org')).toBe(expanded)
  })

  test('patterns over a host, the most specific first', () => {
    const patterns = [...patternsOver('a.bc')]
    expect(patterns).toEqual(['a.bc', '*a.bc', '*.bc', '*bc', '*c', '*'])
    expect([...patternsOver('*.bc')]).toEqual(['*.bc', '*bc', '*c', '*'])
  })
})

describe('addresses', () => {
  test.each([
    '10.0.0.1',
    '0.0.0.0',
    '::',
    '::1',
    'fd00::1',
    '2001:db8:0:0:0:0:0:1',
    '::ffff:10.0.0.1',
    '64:ff9b::10.0.0.1',
  ])('%s', (text) => {
    expect(isAddress(text)).toBe(true)
  })

  test.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.01',
    '10.0.0.0/8',
    'orders',
    ':',
    ':::',
    '1::2::3',
    'fd00::12345',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7::8',
    '::10.0.0.1:1',
    'a:10.0.0.1',
  ])('not %j', (text) => {
    expect(isAddress(text)).toBe(false)
  })

  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['10.0.0.1/32', '10.0.0.1'],
    ['fd00::1/128', 'fd00::1'],
    ['10.0.0.0/24', undefined],
    ['fd00::1/32', undefined],
    ['10.0.0.1/32/1', undefined],
    ['x/32', undefined],
  ])('%s holds %s', (text, address) => {
    expect(singleAddress(text)).toBe(address)
  })
})

describe('visibility', () => {
  test.each([
    [[], ['istio-system']],
    [['*'], ['istio-system']],
    [['.'], ['shop']],
    [
      ['b', 'a', '.', 'b'],
      ['a', 'b', 'shop'],
    ],
    [['a', '*'], ['istio-system']],
    [['a', 'istio-system'], ['istio-system']],
    [['~'], []],
  ])('exportTo %j reaches %j', (exportTo, namespaces) => {
    expect(clientNamespaces(exportTo, 'shop', defaultProfile)).toEqual(namespaces)
  })

  test('clientScope overrides exportTo', () => {
    expect(clientNamespaces(['*'], 'shop', { ...defaultProfile, clientScope: ['web', '.'] })).toEqual(['shop', 'web'])
    expect(clientNamespaces(['~'], 'shop', { ...defaultProfile, clientScope: ['*'], rootNamespace: 'mesh' })).toEqual([
      'mesh',
    ])
  })

  test('the root namespace covers all', () => {
    expect(covers(resolveScope([], 'shop', 'root'), ['a'], 'root')).toBe(true)
    expect(covers(['a', 'b'], ['a'], 'root')).toBe(true)
    expect(covers(['a'], ['a', 'b'], 'root')).toBe(false)
    expect(covers(['a'], ['root'], 'root')).toBe(false)
  })
})
