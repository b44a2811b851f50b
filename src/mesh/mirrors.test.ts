import { expect, test } from 'vitest'
import type { BindRules } from './bind.ts'
import { bound, dubbo, dubboEntry, istio } from './scene.test-support.ts'

type Fields = Readonly<Record<string, unknown>>

const mirroring: BindRules = { ...dubbo, supports: ['VirtualService.http.mirror'] }
const route = [{ destination: { host: 'orders.dubbo' } }]
const shadow = { host: 'shadow.dubbo', subset: 'v9' }

function mirrored(fields: Fields, rules = mirroring) {
  const scene = bound(
    [
      dubboEntry('orders'),
      dubboEntry('shadow', { addresses: ['240.240.0.8'] }),
      istio('DestinationRule', 'shadow', { host: 'shadow.dubbo', subsets: [{ name: 'v9' }] }),
      istio('VirtualService', 'orders', { hosts: ['orders.dubbo'], http: [{ route, ...fields }] }),
    ],
    {},
    rules,
  )
  const routes = scene.outbound.flatMap(({ ports }) => ports.flatMap((port) => port.routes))
  const mirrors = routes.flatMap((one) => one.mirrors)
  return {
    routes: routes.length,
    said: scene.said,
    mirrors: mirrors.map(({ place, target, percentage }) => `${place.path} ${target.cluster} ${percentage}`),
  }
}

const one = 'spec.http[0].mirror outbound|20880|v9|shadow.dubbo'

test.each([
  ['without a percentage', {}, [`${one} 100`]],
  ['with one', { mirrorPercentage: { value: 0.5 } }, [`${one} 0.5`]],
  ['with the deprecated one', { mirrorPercent: 7 }, [`${one} 7`]],
  ['with both, of which Istio takes the newer', { mirrorPercent: 7, mirrorPercentage: { value: 8 } }, [`${one} 8`]],
  ['of 0', { mirrorPercentage: { value: 0 } }, []],
  ['of an empty percentage, which is 0', { mirrorPercentage: {} }, []],
])('a mirror %s', (_, fields, expected) => {
  expect(mirrored({ mirror: shadow, ...fields })).toEqual({ routes: 1, said: [], mirrors: expected })
})

test('several mirrors, in order', () => {
  const mirrors = [
    { destination: shadow, percentage: { value: 25 } },
    { destination: { host: 'orders.dubbo', port: { number: 20880 } } },
  ]
  expect(mirrored({ mirrors }).mirrors).toEqual([
    'spec.http[0].mirrors[0].destination outbound|20880|v9|shadow.dubbo 25',
    'spec.http[0].mirrors[1].destination outbound|20880||orders.dubbo 100',
  ])
})

test('a mirror to nowhere is an error, and the route stands', () => {
  const { routes, said, mirrors } = mirrored({ mirror: { host: 'nowhere.dubbo' } })
  expect({ routes, mirrors }).toEqual({ routes: 1, mirrors: [] })
  expect(said).toEqual([
    'error VirtualService shop/orders spec.http[0].mirror.host: `host` must name a Service or ServiceEntry of the list; "nowhere.dubbo" is none: add its Service or ServiceEntry to the list',
  ])
})

test('`mirror` beside `mirrors` is an error', () => {
  expect(mirrored({ mirror: shadow, mirrors: [{ destination: shadow }] }).said).toEqual([
    'error VirtualService shop/orders spec.http[0].mirrors: must not stand beside `mirror`: Istio takes one or the other',
  ])
})

test('a protocol that does not mirror has none, and no error of theirs', () => {
  expect(mirrored({ mirror: { host: 'nowhere.dubbo' } }, dubbo)).toEqual({ routes: 1, said: [], mirrors: [] })
})
