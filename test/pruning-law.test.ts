import { describe, expect, test } from 'vitest'
import dubbo from '../functions/dubbo/index.ts'
import thrift from '../functions/thrift/index.ts'
import { pruning } from '../src/testkit/laws/pruning.ts'
import { listText, type Subject, subjectOf } from '../src/testkit/subject.ts'
import { spoilOutput } from './mutations/mutation.ts'

type Fields = Readonly<Record<string, unknown>>

function object(apiVersion: string, kind: string, name: string, spec: Fields): object {
  return { apiVersion, kind, metadata: { name, namespace: 'shop' }, spec }
}

/** With the port 20880 unless it says otherwise. */
function entry(name: string, port: string, spec: Fields): object {
  const ports = [{ number: 20880, name: port, protocol: 'TCP' }]
  return object('networking.istio.io/v1', 'ServiceEntry', name, { resolution: 'STATIC', ports, ...spec })
}

function service(name: string, spec: Fields): object {
  return object('v1', 'Service', name, spec)
}

function settings(kind: string, spec: Fields): object {
  return object('meltemi.dev/v1alpha1', kind, 'mesh', spec)
}

// Most were found by random meshes: who goes may free a listener for somebody else, whose filter then is another one.
describe('it is no fault of a filter to change when', () => {
  test('a rival for a host was refused with the source, and joins its own neighbours when the source goes', async () => {
    const port = 'tcp-dubbo'
    const list = listText([
      entry('both', port, { hosts: ['stock.mesh', 'orders.mesh'], addresses: ['240.240.0.1'], resolution: 'NONE' }),
      entry('neighbour', port, { hosts: ['users.mesh'], addresses: ['240.240.0.2', '0.0.0.0'] }),
      entry('rival', port, { hosts: ['orders.mesh'], addresses: ['240.240.0.2'] }),
    ])
    expect(await pruning(subjectOf(dubbo), list)).toEqual([])
  })

  const labels = { app: 'orders' }
  const served = { name: 'tcp-thrift', port: 20880, number: 20880 }
  test.each([
    ['orders.mesh', entry('rival', 'tcp-thrift', { hosts: ['orders.mesh'], workloadSelector: { labels } })],
    ['orders.shop.svc.cluster.local', service('orders', { clusterIP: '10.96.0.2', selector: labels, ports: [served] })],
  ])('such a rival, for %s, serves the same pods', async (host, rival) => {
    const both = entry('both', '', {
      hosts: ['stock.mesh', host],
      resolution: 'NONE',
      ports: [{ ...served, number: 20881 }],
      workloadSelector: { labels },
    })
    const users = service('users', { clusterIP: '10.96.0.1', selector: labels, ports: [served] })
    const list = listText([both, rival, users], settings('Thrift', { inbound: true }))
    expect(await pruning(subjectOf(thrift), list)).toEqual([])
  })

  test('such a rival gets the calls that could not be sent to the source', async () => {
    const port = 'tcp-dubbo'
    const list = listText([
      entry('both', port, {
        hosts: ['stock.mesh', 'orders.mesh'],
        addresses: ['240.240.0.1'],
        resolution: 'NONE',
        exportTo: ['.'],
      }),
      entry('rival', port, { hosts: ['orders.mesh'], addresses: ['240.240.0.2'] }),
      entry('users', port, { hosts: ['users.mesh'], addresses: ['240.240.0.3'] }),
      object('networking.istio.io/v1', 'VirtualService', 'users', {
        hosts: ['users.mesh'],
        http: [
          { match: [{ method: { exact: 'add' } }], route: [{ destination: { host: 'orders.mesh' } }] },
          { route: [{ destination: { host: 'users.mesh' } }] },
        ],
      }),
    ])
    expect(await pruning(subjectOf(dubbo), list)).toEqual([])
  })

  test('the source is where its calls should go, and it cannot say which', async () => {
    const list = listText([
      service('source', { clusterIP: '10.96.0.1', ports: [{ name: 'tcp-thrift', port: 20880 }] }),
      entry('orders', 'tcp-thrift', { hosts: ['orders.mesh'], addresses: ['240.240.0.1'] }),
      object('networking.istio.io/v1', 'VirtualService', 'orders', {
        hosts: ['orders.mesh'],
        http: [{ match: [{ method: { prefix: 'get' } }], route: [{ destination: { host: 'source' } }] }],
      }),
    ])
    expect(await pruning(subjectOf(thrift), list)).toEqual([])
  })

  test('a range stands on the listener of the wildcard, beside its single addresses', async () => {
    const port = 'tcp-thrift'
    const list = listText([
      entry('range', port, { hosts: ['users.mesh'], addresses: ['240.240.0.1', '10.0.0.0/24'] }),
      entry('wildcard', port, { hosts: ['orders.mesh'], addresses: ['fd00::1', '0.0.0.0'] }),
    ])
    expect(await pruning(subjectOf(thrift), list)).toEqual([])
  })

  const thriftPort = { port: 20881, number: 20881, name: 'tcp-thrift', protocol: 'TCP' }
  test.each([
    [
      'appProtocol',
      service('source', {
        clusterIP: '10.96.0.1',
        ports: [thriftPort, { port: 20880, name: 'x', appProtocol: 'http' }],
      }),
    ],
    ['name', service('source', { clusterIP: '10.96.0.1', ports: [thriftPort, { port: 20880, name: 'grpc-web' }] })],
    [
      'protocol',
      entry('source', '', {
        hosts: ['stock.mesh'],
        addresses: ['240.240.0.2'],
        ports: [thriftPort, { number: 20880, name: 'x', protocol: 'HTTP2' }],
      }),
    ],
  ])('the source has HTTP, by its %s, on the listener of the wildcard, whatever its address', async (_, source) => {
    const wildcard = entry('orders', 'tcp-thrift', { hosts: ['orders.mesh'], addresses: ['240.240.0.1', '0.0.0.0'] })
    expect(await pruning(subjectOf(thrift), listText([source, wildcard]))).toEqual([])
  })

  test('the source has one of its addresses, as the profile says', async () => {
    const list = listText([
      service('source', { ports: [{ name: 'tcp-dubbo', port: 20880 }] }),
      entry('orders', 'tcp-dubbo', { hosts: ['orders.mesh'], addresses: ['10.96.0.1', '240.240.0.1'] }),
      settings('MeshProfile', { addresses: { 'source.shop.svc.cluster.local': '10.96.0.1' } }),
    ])
    expect(await pruning(subjectOf(dubbo), list)).toEqual([])
  })

  test('the source has an address for one of its hosts only, and the other is on the listener of the wildcard', async () => {
    const port = 'tcp-dubbo'
    const list = listText([
      entry('source', port, { hosts: ['users.mesh', 'stock.mesh'], resolution: 'NONE' }),
      entry('orders', port, { hosts: ['orders.mesh'], addresses: ['240.240.0.1', '0.0.0.0'] }),
      settings('MeshProfile', { addresses: { 'users.mesh': '10.96.0.1' } }),
    ])
    expect(await pruning(subjectOf(dubbo), list)).toEqual([])
  })
})

/** A function whose filters say how often the input has a text. */
function counting(text: string): Subject {
  const counted = (input: string) => `"stat_prefix":"${input.split(text).length}`
  return {
    protocol: thrift,
    run: (input) =>
      spoilOutput((output) => output.replaceAll(/"stat_prefix":"\w+/g, counted(input)))(thrift).run(input),
  }
}

describe('it is a fault of a filter to change with somebody', () => {
  test('who sends calls to it', async () => {
    const list = listText([
      entry('orders', 'tcp-thrift', { hosts: ['orders.mesh'], addresses: ['240.240.0.1'] }),
      entry('stock', 'tcp-thrift', { hosts: ['stock.mesh'], addresses: ['240.240.0.2'] }),
      object('networking.istio.io/v1', 'VirtualService', 'stock', {
        hosts: ['stock.mesh'],
        http: [{ route: [{ destination: { host: 'orders.mesh' } }] }],
      }),
    ])
    expect(await pruning(subjectOf(thrift), list)).toEqual([])
    expect(await pruning(counting('"name":"stock"'), list)).toEqual([
      expect.stringMatching(/^without ServiceEntry shop\/stock, EnvoyFilter .*-orders-.* is gone or changed too$/),
    ])
  })

  test('who has its address, and another port number', async () => {
    const list = listText([
      entry('orders', 'tcp-thrift', { hosts: ['orders.mesh'], addresses: ['240.240.0.1'] }),
      entry('stock', 'tcp-thrift', {
        hosts: ['stock.mesh'],
        addresses: ['240.240.0.1'],
        ports: [{ number: 20881, name: 'tcp-thrift', protocol: 'TCP' }],
      }),
    ])
    expect(await pruning(subjectOf(thrift), list)).toEqual([])
    expect((await pruning(counting('["240.240.0.1"]'), list)).join('\n')).toContain('is gone or changed too')
  })

  test('who has its port number, and another address', async () => {
    const list = listText([
      entry('orders', 'tcp-thrift', { hosts: ['orders.mesh'], addresses: ['240.240.0.1'] }),
      entry('stock', 'tcp-thrift', { hosts: ['stock.mesh'], addresses: ['240.240.0.2'] }),
    ])
    expect(await pruning(subjectOf(thrift), list)).toEqual([])
    expect((await pruning(counting('"number":20880'), list)).join('\n')).toContain('is gone or changed too')
  })
})
