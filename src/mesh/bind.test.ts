import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KubernetesObject } from '../krm/object.ts'
import { bound, deployment, dubboEntry, istio, onlyPort, said, service } from './scene.test-support.ts'

const ports = [{ name: 'tcp-dubbo', port: 20880 }]

describe('a port', () => {
  test('knows its object, namespace, annotations and clusters', () => {
    const port = onlyPort([dubboEntry('orders', {}, { annotations: { interface: 'a.B' } })])
    expect(port).toMatchObject({
      protocol: 'dubbo',
      hostname: 'orders.dubbo',
      namespace: 'shop',
      number: 20880,
      name: 'tcp-dubbo',
      annotations: { interface: 'a.B' },
      cluster: 'outbound|20880||orders.dubbo',
      subsets: [],
      routes: [],
      features: [],
      clientNamespaces: ['istio-system'],
    })
    expect(port.place).toMatchObject({ path: 'spec.ports[0]', source: { item: 0, ref: { kind: 'ServiceEntry' } } })
  })

  test('of a Service goes by its cluster name in the domain of the mesh', () => {
    const orders = service(
      'orders',
      { clusterIP: '10.0.0.1', ports },
      { annotations: { 'networking.istio.io/exportTo': 'web, .' } },
    )
    expect(onlyPort([orders], { clusterDomain: 'example.org' })).toMatchObject({
      hostname: 'orders.shop.svc.example.org',
      cluster: 'outbound|20880||orders.shop.svc.example.org',
      clientNamespaces: ['shop', 'web'],
    })
  })
})

describe('one host, two definitions', () => {
  test.each([
    ['two ServiceEntries', dubboEntry('b', { hosts: ['orders.dubbo'], addresses: ['1.1.1.2'] }), dubboEntry('orders')],
    [
      'a Service and a ServiceEntry',
      service('orders', { clusterIP: '10.0.0.1', ports }),
      dubboEntry('b', { hosts: ['orders.shop.svc.cluster.local'] }),
    ],
  ])('%s: an error that names both, and no listener', (_, a, b) => {
    const { outbound, said: problems } = bound([a, b, dubboEntry('other', { addresses: ['2.2.2.2'] })])
    expect(outbound.flatMap((listener) => listener.ports.map(({ hostname }) => hostname))).toEqual(['other.dubbo'])
    expect(problems).toHaveLength(2)
    for (const problem of problems) {
      expect(problem).toContain('must be defined once, not by ')
      expect(problem).toContain(`${a.kind} shop/${a.metadata.name}`)
      expect(problem).toContain(`${b.kind} shop/${b.metadata.name}`)
    }
  })

  test("is nobody's business where the protocol has no part in it", () => {
    const http = (name: string) =>
      istio('ServiceEntry', name, { hosts: ['web'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] })
    expect(bound([http('a'), http('b'), dubboEntry('orders')]).said).toEqual([])
  })
})

test('a ServiceEntry with several hosts and a TCP port is refused, as Istio does', () => {
  const { outbound, said: problems } = bound([dubboEntry('a', { hosts: ['a.dubbo', 'b.dubbo'] })])
  expect(outbound).toEqual([])
  expect(problems[0]).toBe(
    'error ServiceEntry shop/a spec.hosts: `spec.hosts` must hold one host: Istio refuses a ServiceEntry with several hosts and a TCP port; write one for each of a.dubbo, b.dubbo',
  )
})

test('a number that a service defines twice is refused', () => {
  const { outbound, said: problems } = bound([
    service('orders', { clusterIP: '10.0.0.1', ports: [...ports, { name: 'x', port: 20880 }] }),
  ])
  expect(outbound).toEqual([])
  expect(problems).toEqual([
    'error Service shop/orders spec.ports: `spec.ports` must hold each number once: port 20880 is defined twice',
  ])
  const udp = service('orders', {
    clusterIP: '10.0.0.1',
    ports: [...ports, { name: 'x', port: 20880, protocol: 'UDP' }],
  })
  expect(bound([udp]).outbound).toHaveLength(1)
})

test('an address for a host that is not there is said', () => {
  const { said: problems } = bound([dubboEntry('orders')], { addresses: new Map([['order.dubbo', ['1.1.1.1']]]) })
  expect(problems).toEqual([
    'warning: `addresses` of the MeshProfile should name hosts of the list: no Service or ServiceEntry has the host "order.dubbo"; did you mean "orders.dubbo"?',
  ])
})

const mesh: readonly KubernetesObject[] = [
  dubboEntry('a', { addresses: ['1.1.1.1', '1.1.1.2'], workloadSelector: { labels: { app: 'a' } } }),
  dubboEntry('b', { addresses: ['1.1.1.1'], exportTo: ['x', 'y'] }),
  dubboEntry('twin', { hosts: ['c.dubbo'] }),
  dubboEntry('c', { addresses: ['1.1.1.3'] }),
  service('d', { ports, selector: { app: 'd' } }),
  service('e', {
    clusterIP: '10.0.0.1',
    selector: { app: 'a' },
    ports: [{ name: 'http', port: 80, targetPort: 20880 }],
  }),
  istio('VirtualService', 'one', {
    hosts: ['a.dubbo'],
    http: [{ route: [{ destination: { host: 'b.dubbo', subset: 'v2' } }] }],
  }),
  istio('VirtualService', 'two', {
    hosts: ['a.dubbo', '*.dubbo'],
    tcp: [{ route: [{ destination: { host: 'a.dubbo' } }] }],
  }),
  istio('VirtualService', 'stray', { hosts: ['dd'], http: [{ timeout: '1s' }] }),
  istio('DestinationRule', 'one', { host: 'b.dubbo', subsets: [{ name: 'v1' }] }),
  istio('DestinationRule', 'two', { host: 'b.dubbo', subsets: [{ name: 'v1' }, { name: 'v2' }] }),
  deployment('a', { app: 'a' }, []),
  deployment('f', { app: 'f' }, []),
]

/** Without the position in the list, which is all that a shuffle may change. */
function summary(objects: readonly KubernetesObject[]): string {
  const { outbound, inbound, inboundDiagnostics, said: problems } = bound(objects, { matchByPort: [] })
  return JSON.stringify([outbound, inbound, said(inboundDiagnostics), problems], (key, value: unknown) =>
    key === 'item' ? undefined : value,
  )
}

test('the order of the inputs changes nothing', () => {
  const expected = summary(mesh)
  expect(expected).toContain('must be defined once')
  fc.assert(
    fc.property(fc.shuffledSubarray([...mesh], { minLength: mesh.length }), (shuffled) => {
      expect(summary(shuffled)).toBe(expected)
    }),
  )
})
