import { describe, expect, test } from 'vitest'
import { bound, dubboEntry, service } from './scene.test-support.ts'

type Fields = Readonly<Record<string, unknown>>

function ofService(port: Fields) {
  const { outbound, said } = bound([service('orders', { clusterIP: '10.0.0.1', ports: [{ port: 20880, ...port }] })])
  return { isBound: outbound.length === 1, said }
}

function ofEntry(port: Fields) {
  const { outbound, said } = bound([dubboEntry('orders', { ports: [{ number: 20880, name: 'tcp-dubbo', ...port }] })])
  return { isBound: outbound.length === 1, said }
}

describe('ports of the protocol', () => {
  test.each([
    [{ name: 'tcp-dubbo' }],
    [{ name: 'tcp-Dubbo' }],
    [{ name: 'tcp-dubbo-20880' }],
    [{ name: 'tcp-dubbo', appProtocol: 'tcp' }],
    [{ name: 'tcp-dubbo', appProtocol: 'TCP' }],
    [{ name: 'anything', appProtocol: 'tcp-dubbo' }],
  ])('%j, without a word', (port) => {
    expect(ofService(port)).toEqual({ isBound: true, said: [] })
  })

  test.each([
    [{ name: 'http-dubbo-ui' }],
    [{ name: 'dubbos' }],
    [{ name: 'tcp-dubbos' }],
    [{ name: 'tcp' }],
    [{ name: 'tcp-x-dubbo' }],
    [{ name: 'tls-dubbo' }],
    [{}],
    [{ name: 'tcp-dubbo', appProtocol: 'thrift' }],
    [{ name: 'tcp-dubbo', appProtocol: 'mysql' }],
  ])('not %j', (port) => {
    expect(ofService(port)).toEqual({ isBound: false, said: [] })
  })
})

describe('a port that Istio sniffs', () => {
  const cost = 'Istio then guesses the protocol from the first bytes, at the cost of a second filter chain'

  test.each([
    [
      { name: 'dubbo' },
      `warning Service shop/orders spec.ports[0].name: port "dubbo" should be named \`tcp-dubbo\`: ${cost}`,
    ],
    [
      { name: 'dubbo-orders' },
      `warning Service shop/orders spec.ports[0].name: port "dubbo-orders" should be named \`tcp-dubbo-orders\`: ${cost}`,
    ],
    [
      { name: 'rpc', appProtocol: 'Dubbo' },
      `warning Service shop/orders spec.ports[0].appProtocol: \`appProtocol\` should be \`tcp\`, and the port be named \`tcp-dubbo\`: Istio does not know "Dubbo"; ${cost}`,
    ],
  ])('%j is served, with a warning', (port, warning) => {
    expect(ofService(port)).toEqual({ isBound: true, said: [warning] })
  })

  test('a ServiceEntry without `protocol` is served, with a warning', () => {
    expect(ofEntry({})).toEqual({
      isBound: true,
      said: [`warning ServiceEntry shop/orders spec.ports[0]: port "tcp-dubbo" should say \`protocol: TCP\`: ${cost}`],
    })
  })
})

describe('a port of ours that is not TCP for Istio', () => {
  test.each([
    [
      { name: 'tcp-dubbo', appProtocol: 'http' },
      'appProtocol',
      'Istio builds an HTTP filter chain for it; set `appProtocol: tcp` or leave it out',
    ],
    [
      { name: 'tcp-dubbo', appProtocol: 'grpc-web' },
      'appProtocol',
      'Istio builds an HTTP filter chain for it; set `appProtocol: tcp` or leave it out',
    ],
    [
      { name: 'tcp-dubbo', appProtocol: 'kubernetes.io/h2c' },
      'appProtocol',
      'Istio builds an HTTP filter chain for it; set `appProtocol: tcp` or leave it out',
    ],
    [
      { name: 'dubbo', appProtocol: 'https' },
      'appProtocol',
      'Istio builds a TLS filter chain for it, routed by SNI; set `appProtocol: tcp` or leave it out',
    ],
    [
      { name: 'tcp-dubbo', protocol: 'UDP' },
      'protocol',
      'it is not TCP, and Istio builds no listener for it; leave out `protocol` or set `protocol: TCP`',
    ],
  ])('Service %j', (port, field, rest) => {
    expect(ofService(port)).toEqual({
      isBound: false,
      said: [
        `error Service shop/orders spec.ports[0].${field}: port "${port.name}" must be TCP for Istio to carry dubbo: ${rest}`,
      ],
    })
  })

  test.each([
    ['HTTP', 'Istio builds an HTTP filter chain for it'],
    ['grpc', 'Istio builds an HTTP filter chain for it'],
    ['TLS', 'Istio builds a TLS filter chain for it, routed by SNI'],
    ['DUBBO', 'Istio refuses a ServiceEntry with a protocol that it does not know'],
    ['tcp-dubbo', 'Istio refuses a ServiceEntry with a protocol that it does not know'],
  ])('ServiceEntry with protocol %s', (protocol, reason) => {
    expect(ofEntry({ protocol })).toEqual({
      isBound: false,
      said: [
        `error ServiceEntry shop/orders spec.ports[0].protocol: port "tcp-dubbo" must be TCP for Istio to carry dubbo: ${reason}; set \`protocol: TCP\``,
      ],
    })
  })

  test.each(['TCP', 'tcp', 'Mongo'])('ServiceEntry with protocol %s is TCP', (protocol) => {
    expect(ofEntry({ protocol })).toEqual({ isBound: true, said: [] })
  })
})

test('ports of servers that speak first are TCP without a prefix', () => {
  const scene = (port: number) =>
    bound(
      [service('db', { clusterIP: '10.0.0.1', ports: [{ name: 'mydb', port }] })],
      {},
      { name: 'mydb', sharesListeners: false },
    )
  expect(scene(3306).said).toEqual([])
  expect(scene(3307).said).toHaveLength(1)
})
