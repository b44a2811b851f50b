import { describe, expect, test } from 'vitest'
import { bound, dubboEntry, istio, onlyPort, service } from './scene.test-support.ts'

type Fields = Readonly<Record<string, unknown>>

const entry = dubboEntry('orders')
const ports = [{ name: 'tcp-dubbo', port: 20880 }]

function virtualService(name: string, hosts: readonly string[], more: Fields = {}, metadata?: Fields) {
  return istio(
    'VirtualService',
    name,
    {
      hosts,
      http: [{ match: [{ method: { exact: name } }], route: [{ destination: { host: 'orders.dubbo' } }] }],
      ...more,
    },
    metadata,
  )
}

function winner(...objects: ReturnType<typeof istio>[]): string | undefined {
  return onlyPort([entry, ...objects]).routes[0]?.matches[0]?.method?.value
}

describe('of two VirtualServices for one host', () => {
  test('the older wins, and the other is named', () => {
    const young = virtualService('a', ['orders.dubbo'], {}, { creationTimestamp: '2024-02-01T00:00:00Z' })
    const old = virtualService('b', ['orders.dubbo'], {}, { creationTimestamp: '2024-01-01T00:00:00Z' })
    expect(winner(young, old)).toBe('b')
    expect(bound([entry, young, old]).said).toEqual([
      'warning VirtualService shop/a spec.hosts[0]: VirtualService shop/b, not VirtualService shop/a, routes orders.dubbo: both claim the host, and Istio takes the older one, then the first by `name.namespace`; merge the two',
    ])
  })

  test('without ages, by name and namespace, whatever the order', () => {
    const [a, b] = [virtualService('a', ['orders.dubbo']), virtualService('b', ['orders.dubbo'])]
    expect([winner(a, b), winner(b, a)]).toEqual(['a', 'a'])
  })

  test('one with an age is older than one without', () => {
    const aged = virtualService('b', ['orders.dubbo'], {}, { creationTimestamp: '2024-01-01T00:00:00Z' })
    expect(winner(virtualService('a', ['orders.dubbo']), aged)).toBe('b')
  })

  test('the more specific host wins over age', () => {
    const any = virtualService('a', ['*.dubbo'], {}, { creationTimestamp: '2024-01-01T00:00:00Z' })
    const exact = virtualService('z', ['orders.dubbo'])
    expect(winner(any, exact)).toBe('z')
    expect(bound([entry, any, exact]).said).toEqual([
      'info VirtualService shop/a spec.hosts[0]: VirtualService shop/z, not VirtualService shop/a, routes orders.dubbo: Istio takes the more specific host, and merges no routes',
    ])
    expect(winner(virtualService('a', ['*'], { gateways: ['mesh'] }), virtualService('m', ['*.dubbo']))).toBe('m')
  })
})

test('a wildcard alone governs', () => {
  expect(winner(virtualService('a', ['*.dubbo']))).toBe('a')
  expect(bound([entry, virtualService('a', ['*.dubbo'])]).said).toEqual([])
})

test('a short host is a Service in the namespace of the VirtualService', () => {
  const orders = service('orders', { clusterIP: '10.0.0.1', ports }, { namespace: 'shop' })
  const near = istio('VirtualService', 'near', {
    hosts: ['orders'],
    http: [{ route: [{ destination: { host: 'orders' } }] }],
  })
  expect(onlyPort([orders, near]).routes[0]?.destinations[0]?.hostname).toBe('orders.shop.svc.cluster.local')
  const far = istio('VirtualService', 'far', { hosts: ['orders'], http: [] }, { namespace: 'elsewhere' })
  expect(bound([orders, far]).said).toEqual([
    'error VirtualService elsewhere/far spec.hosts[0]: must be a host of the list: no Service or ServiceEntry of the list has the host "orders.elsewhere.svc.cluster.local"; the nearest are "orders.shop.svc.cluster.local"',
  ])
})

test('an object without namespace is in `default`', () => {
  const orders = service('orders', { clusterIP: '10.0.0.1', ports }, { namespace: undefined })
  const { namespace, hostname } = onlyPort([
    orders,
    istio('VirtualService', 'v', { hosts: ['orders'], http: [] }, { namespace: 'default' }),
  ])
  expect([namespace, hostname]).toEqual(['default', 'orders.default.svc.cluster.local'])
})

test('gateways only: not for sidecars, which is said where a host of ours is named', () => {
  const bothWays = virtualService('a', ['orders.dubbo'], { gateways: ['ingress', 'mesh'] })
  expect(winner(bothWays)).toBe('a')
  const only = virtualService('a', ['orders.dubbo', 'example.com'], { gateways: ['ingress'] })
  expect(winner(only)).toBeUndefined()
  expect(bound([entry, only]).said).toEqual([
    'info VirtualService shop/a spec.gateways: binds no sidecar: calls inside the mesh to orders.dubbo do not follow its routes; add `mesh` for them to do so',
  ])
})

test('a VirtualService that none of the clients sees does not govern', () => {
  const scoped = dubboEntry('orders', { exportTo: ['x'] })
  const hidden = virtualService('a', ['orders.dubbo'], { exportTo: ['y'] })
  expect(onlyPort([scoped, hidden]).routes).toEqual([])
  expect(onlyPort([scoped, virtualService('a', ['orders.dubbo'], { exportTo: ['x'] })]).routes).toHaveLength(1)
})

describe('a VirtualService for a host that is not there', () => {
  test('is an error where its routes lead to a service of ours', () => {
    expect(bound([entry, virtualService('a', ['unrelated.example'])]).said).toEqual([
      'error VirtualService shop/a spec.hosts[0]: must be a host of the list: no Service or ServiceEntry of the list has the host "unrelated.example"; its routes lead to "orders.dubbo"',
    ])
  })

  test('is an error where one or two letters are wrong', () => {
    const typo = istio('VirtualService', 'a', { hosts: ['ordres.dubbo'], http: [] })
    expect(bound([entry, typo]).said[0]).toContain(
      'error VirtualService shop/a spec.hosts[0]: must be a host of the list',
    )
  })

  test('is a warning where it may belong to somebody else', () => {
    const foreign = istio('VirtualService', 'a', {
      hosts: ['web.example'],
      http: [{ route: [{ destination: { host: 'web.example' } }] }],
    })
    expect(bound([entry, foreign]).said).toEqual([
      'warning VirtualService shop/a spec.hosts[0]: no Service or ServiceEntry of the list has the host "web.example": its routes apply to nothing here; if the service is not defined elsewhere, add it to the list or correct the name',
    ])
  })

  test("is nobody's business without a port of the protocol", () => {
    const http = service('web', { ports: [{ name: 'http', port: 80 }] })
    expect(bound([http, virtualService('a', ['unrelated.example'])]).said).toEqual([])
  })
})
