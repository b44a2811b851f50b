import { describe, expect, test } from 'vitest'
import type { OutboundListener } from './l7-port.ts'
import { bound, dubboEntry, istio, redis, service } from './scene.test-support.ts'

/** `matches -> hosts @ client namespaces` */
function shown(listeners: readonly OutboundListener[]): readonly string[] {
  return listeners.map(({ matches, ports, clientNamespaces }) => {
    const where = matches.map((match) => (match.kind === 'name' ? match.name : `:${match.portNumber}`)).join(' ')
    return `${where} -> ${ports.map(({ hostname }) => hostname).join(' ')} @ ${clientNamespaces.join(' ')}`
  })
}

const port = { name: 'tcp-dubbo', port: 20880 }
const noAddress = service('orders', { ports: [port] })
const orders = 'orders.shop.svc.cluster.local'
const vouched = { matchByPort: [20880] }

function entry(name: string, addresses: readonly string[] | undefined, spec = {}) {
  return dubboEntry(name, { addresses, ...spec })
}

describe('row 1: addresses', () => {
  test('of a Service: clusterIP and clusterIPs, each once', () => {
    const scene = bound([
      service('orders', { clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7', 'fd00::7'], ports: [port] }),
    ])
    expect(shown(scene.outbound)).toEqual([`10.96.0.7_20880 fd00::7_20880 -> ${orders} @ istio-system`])
    expect(scene.outbound[0]?.matches[0]).toEqual({ kind: 'name', name: '10.96.0.7_20880' })
    expect(scene.said).toEqual([])
  })

  test('of a ServiceEntry; a CIDR of one host is that host', () => {
    const { outbound } = bound([entry('a', ['240.240.0.7', '240.240.0.8/32', '2001:db8::1/128'])])
    expect(shown(outbound)).toEqual(['2001:db8::1_20880 240.240.0.7_20880 240.240.0.8_20880 -> a.dubbo @ istio-system'])
  })

  test('of the MeshProfile, beside those in Git', () => {
    const addresses = new Map([[orders, ['10.1.0.1', '10.2.0.1']]])
    expect(shown(bound([noAddress], { addresses }).outbound)).toEqual([
      `10.1.0.1_20880 10.2.0.1_20880 -> ${orders} @ istio-system`,
    ])
    const pinned = service('orders', { clusterIP: '10.96.0.7', ports: [port] })
    expect(shown(bound([pinned], { addresses }).outbound)).toEqual([
      `10.1.0.1_20880 10.2.0.1_20880 10.96.0.7_20880 -> ${orders} @ istio-system`,
    ])
  })

  test('0.0.0.0 for a ServiceEntry that istiod gives no address', () => {
    const none = entry('a', undefined, { resolution: 'NONE' })
    const absent = entry('a', undefined, { resolution: undefined })
    const label = dubboEntry(
      'a',
      { addresses: undefined },
      { labels: { 'networking.istio.io/enable-autoallocate-ip': 'false' } },
    )
    for (const object of [none, absent, label])
      expect(shown(bound([object]).outbound)).toEqual(['0.0.0.0_20880 -> a.dubbo @ istio-system'])
  })

  test('needs no word for the port number, and does not use it', () => {
    const { outbound, said } = bound([entry('a', ['1.1.1.1']), entry('b', ['1.1.1.2'])], vouched)
    expect(shown(outbound)).toEqual([
      '1.1.1.1_20880 -> a.dubbo @ istio-system',
      '1.1.1.2_20880 -> b.dubbo @ istio-system',
    ])
    expect(said).toEqual([])
  })

  test('other protocols at other addresses do not matter', () => {
    const http = service('console', { clusterIP: '10.96.0.9', ports: [{ name: 'http-dubbo-ui', port: 20880 }] })
    const { outbound, said } = bound([entry('a', ['1.1.1.1']), http])
    expect(shown(outbound)).toEqual(['1.1.1.1_20880 -> a.dubbo @ istio-system'])
    expect(said).toEqual([])
  })

  test('one address shared within the protocol is one filter, and the rest stay apart', () => {
    const { outbound } = bound([entry('b', ['1.1.1.1']), entry('a', ['1.1.1.1', '1.1.1.2'])])
    expect(shown(outbound)).toEqual([
      '1.1.1.1_20880 -> a.dubbo b.dubbo @ istio-system',
      '1.1.1.2_20880 -> a.dubbo @ istio-system',
    ])
  })

  test('one address shared by services that the protocol cannot tell apart is refused, other addresses stay', () => {
    const ports = [{ number: 6379, name: 'tcp-redis', protocol: 'TCP' }]
    const { outbound, said } = bound(
      [entry('a', ['1.1.1.1', '1.1.1.2'], { ports }), entry('b', ['1.1.1.1'], { ports })],
      {},
      redis,
    )
    expect(shown(outbound)).toEqual(['1.1.1.2_6379 -> a.dubbo @ istio-system'])
    expect(said).toEqual([
      'error ServiceEntry shop/a spec.ports[0]: a.dubbo:6379 must have a listener of its own: its listener 1.1.1.1_6379 is also that of b.dubbo (ServiceEntry shop/b, port "tcp-redis"), and redis calls do not say which service they are for. Give each its own address (`spec.addresses`)',
      'error ServiceEntry shop/b spec.ports[0]: b.dubbo:6379 must have a listener of its own: its listener 1.1.1.1_6379 is also that of a.dubbo (ServiceEntry shop/a, port "tcp-redis"), and redis calls do not say which service they are for. Give each its own address (`spec.addresses`)',
    ])
  })

  test('one address shared with another protocol is refused', () => {
    const thrift = entry('b', ['1.1.1.1'], { ports: [{ number: 20880, name: 'tcp-thrift', protocol: 'TCP' }] })
    const { outbound, said } = bound([entry('a', ['1.1.1.1']), thrift])
    expect(outbound).toEqual([])
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('b.dubbo (ServiceEntry shop/b, port "tcp-thrift"), which does not speak dubbo')
  })

  test.each([
    ['HTTP of any address', service('console', { clusterIP: '10.96.0.9', ports: [{ name: 'http', port: 20880 }] })],
    ['a CIDR range', entry('b', ['10.0.0.0/24'], { ports: [{ number: 20880, name: 'tcp-thrift', protocol: 'TCP' }] })],
    [
      'a ServiceEntry that may float',
      entry('b', undefined, { resolution: 'DNS', ports: [{ number: 20880, name: 'tcp-x', protocol: 'TCP' }] }),
    ],
  ])('the wildcard is shared with %s', (_, other) => {
    const { outbound, said } = bound([entry('a', undefined, { resolution: 'NONE' }), other])
    expect(outbound).toEqual([])
    expect(said[0]).toContain("its listener is the wildcard's (0.0.0.0_20880), and that is also that of")
  })
})

describe('row 2: no address, vouched for, alone', () => {
  test('by number, and says so', () => {
    const { outbound, said } = bound([noAddress, service('other', { ports: [{ name: 'http', port: 80 }] })], vouched)
    expect(shown(outbound)).toEqual([`:20880 -> ${orders} @ istio-system`])
    expect(said).toEqual([
      `info Service shop/orders spec.ports[0]: ${orders}:20880 is matched by its port number: it has no address here, and \`matchByPort\` vouches that every service of the mesh on port 20880 is in this list`,
    ])
  })

  test('an ExternalName or a UDP port of that number has no listener to collide with', () => {
    const alias = service('alias', { type: 'ExternalName', ports: [{ name: 'http', port: 20880 }] })
    const udp = service('udp', { ports: [{ name: 'x', port: 20880, protocol: 'UDP' }] })
    expect(shown(bound([noAddress, alias, udp], vouched).outbound)).toEqual([`:20880 -> ${orders} @ istio-system`])
  })
})

describe('row 3: no address, vouched for, shared within the protocol', () => {
  test('one filter for the number, those with an address included', () => {
    const { outbound, said } = bound([entry('b', ['1.1.1.1']), noAddress, service('zoo', { ports: [port] })], vouched)
    expect(shown(outbound)).toEqual([`:20880 -> b.dubbo ${orders} zoo.shop.svc.cluster.local @ istio-system`])
    expect(said.map((line) => line.split(':')[0])).toEqual([
      'info Service shop/orders spec.ports[0]',
      'info Service shop/zoo spec.ports[0]',
    ])
    expect(said[0]).toContain('in one filter with the 2 other ports of that number')
  })

  test('not for a protocol that cannot tell services apart', () => {
    const redisPort = { name: 'tcp-redis', port: 6379 }
    const pinned = service('cache', { clusterIP: '10.96.0.9', ports: [redisPort] })
    const { outbound, said } = bound(
      [service('orders', { ports: [redisPort] }), pinned],
      { matchByPort: [6379] },
      redis,
    )
    expect(shown(outbound)).toEqual(['10.96.0.9_6379 -> cache.shop.svc.cluster.local @ istio-system'])
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('and redis calls do not say which service they are for')
  })
})

describe('row 4: no address, vouched for, shared with others', () => {
  test('names every service that would be captured; those with an address stay', () => {
    const http = service('console', { clusterIP: '10.96.0.9', ports: [{ name: 'http', port: 20880 }] })
    const { outbound, said } = bound([noAddress, http, entry('a', ['1.1.1.1'])], vouched)
    expect(shown(outbound)).toEqual(['1.1.1.1_20880 -> a.dubbo @ istio-system'])
    expect(said).toEqual([
      `error Service shop/orders spec.ports[0]: ${orders}:20880 must have an address: \`matchByPort\` vouches for port 20880, but a match by number would also put the dubbo filter before a.dubbo (ServiceEntry shop/a, port "tcp-dubbo"), console.shop.svc.cluster.local (Service shop/console, port "http"), of which console.shop.svc.cluster.local (Service shop/console, port "http") does not speak dubbo. Give it an address (\`spec.clusterIP\`, or \`addresses\` in the MeshProfile), or give them other port numbers`,
    ])
  })

  test('counts what is too much to name', () => {
    const many = Array.from({ length: 30 }, (_, i) => service(`s${i}`, { ports: [{ name: 'http', port: 20880 }] }))
    const { said } = bound([noAddress, ...many], vouched)
    expect(said[0]).toContain(' and 10 more, which do not speak dubbo')
  })
})

describe('row 5: no address, not vouched for', () => {
  test('says what would be captured and the three ways out', () => {
    const http = service('console', { ports: [{ name: 'http', port: 20880 }] })
    const { outbound, said } = bound([noAddress, http])
    expect(outbound).toEqual([])
    expect(said).toEqual([
      [
        `error Service shop/orders spec.ports[0]: the address of ${orders}:20880 must be known: its listener's name holds an address, which is not in this list, and matching by port number 20880 would put the dubbo filter before every service of the mesh on that port (in this list: console.shop.svc.cluster.local (Service shop/console, port "http")). Ways out:`,
        `  1. pin the address: Service orders \`spec: {clusterIP: "10.96.0.10"}\` (kubectl get svc -n shop orders -o jsonpath='{.spec.clusterIPs}')`,
        `  2. say it: MeshProfile \`spec: {addresses: {"${orders}": ["10.96.0.10"]}}\`, with what this prints: kubectl get svc -n shop orders -o jsonpath='{.spec.clusterIPs}'`,
        '  3. vouch that every service of the mesh on port 20880 is in this list: MeshProfile `spec: {matchByPort: [20880]}`',
      ].join('\n'),
    ])
  })

  test('vouching for another number does not help', () => {
    expect(bound([noAddress], { matchByPort: [20881] }).outbound).toEqual([])
  })

  test.each([
    [
      'without addresses, of which istiod may allocate one',
      entry('a', undefined, { resolution: 'DNS' }),
      'is not in this list',
    ],
    [
      'with a range of addresses and no resolution',
      entry('a', ['10.0.0.0/24'], { resolution: 'NONE' }),
      'which the range 10.0.0.0/24 does not say',
    ],
    ['with a range of addresses', entry('a', ['10.0.0.0/24']), 'which the range 10.0.0.0/24 does not say'],
  ])('a ServiceEntry %s', (_, object, reason) => {
    const { outbound, said } = bound([object])
    expect(outbound).toEqual([])
    expect(said[0]).toContain(reason)
    expect(said[0]).toContain('ServiceEntry a `spec: {addresses: ["240.241.0.1"]}`')
    expect(shown(bound([object], vouched).outbound)).toEqual([':20880 -> a.dubbo @ istio-system'])
  })
})

describe('row 6: headless', () => {
  const headless = service('orders', { clusterIP: 'None', ports: [port] })

  test('as no address', () => {
    const { outbound, said } = bound([headless])
    expect(outbound).toEqual([])
    expect(said[0]).toContain("for a headless service is each pod's own")
    expect(shown(bound([headless], vouched).outbound)).toEqual([`:20880 -> ${orders} @ istio-system`])
  })
})

describe('clients', () => {
  test('each namespace gets a filter for the ports that it sees', () => {
    const { outbound } = bound([
      entry('a', ['1.1.1.1'], { exportTo: ['x', 'y'] }),
      entry('b', ['1.1.1.1'], { exportTo: ['y'] }),
    ])
    expect(shown(outbound)).toEqual(['1.1.1.1_20880 -> a.dubbo @ x', '1.1.1.1_20880 -> a.dubbo b.dubbo @ y'])
  })

  test('one port that everybody sees brings all into the root namespace', () => {
    const { outbound } = bound([entry('a', ['1.1.1.1'], { exportTo: ['x'] }), entry('b', ['1.1.1.1'])])
    expect(shown(outbound)).toEqual(['1.1.1.1_20880 -> a.dubbo b.dubbo @ istio-system'])
  })

  test('exported to nobody: nothing, and says so', () => {
    const { outbound, said } = bound([entry('a', ['1.1.1.1'], { exportTo: ['~'] })])
    expect(outbound).toEqual([])
    expect(said).toEqual([
      "info ServiceEntry shop/a spec: a.dubbo is exported to nobody (`~`), so no client's listener is patched",
    ])
  })
})

test.each([[{ clusterIP: 'pending' }], [{ clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1', 'pending'] }]])(
  'a clusterIP that is no address names no listener: %j',
  (spec) => {
    const { outbound, said } = bound([service('orders', { ...spec, ports: [port] })])
    expect(outbound).toEqual([])
    expect(said).toEqual([
      'error Service shop/orders spec.clusterIP: must be an IP address, `None`, or absent where the cluster is to choose; "pending" names no listener',
    ])
  },
)

test('an ExternalName has no listener', () => {
  const { outbound, said } = bound([service('alias', { type: 'ExternalName', externalName: 'a.b', ports: [port] })])
  expect(outbound).toEqual([])
  expect(said).toEqual([
    'info Service shop/alias spec: alias.shop.svc.cluster.local is an ExternalName: an alias has no listener, so the filter stands at the service that it names',
  ])
})

test('every port of the protocol is served, not the first', () => {
  const ports = [
    { number: 80, name: 'http', protocol: 'HTTP' },
    { number: 20881, name: 'tcp-dubbo-b', protocol: 'TCP' },
    { number: 20880, name: 'tcp-dubbo-a', protocol: 'TCP' },
  ]
  const { outbound } = bound([
    istio('ServiceEntry', 'a', { hosts: ['a.dubbo'], addresses: ['1.1.1.1'], resolution: 'STATIC', ports }),
  ])
  expect(outbound.map(({ ports: [l7] }) => [l7.number, l7.place.path, l7.cluster])).toEqual([
    [20880, 'spec.ports[2]', 'outbound|20880||a.dubbo'],
    [20881, 'spec.ports[1]', 'outbound|20881||a.dubbo'],
  ])
})

test('a range beside single addresses is out of reach, which is said', () => {
  const { outbound, said } = bound([entry('a', ['1.1.1.1', '10.0.0.0/24'])])
  expect(shown(outbound)).toEqual(['1.1.1.1_20880 -> a.dubbo @ istio-system'])
  expect(said).toEqual([
    'warning ServiceEntry shop/a spec.ports[0]: clients that dial a.dubbo at 10.0.0.0/24 get no filter: only single addresses have a listener of their own',
  ])
})
