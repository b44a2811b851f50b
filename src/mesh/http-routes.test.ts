import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KubernetesObject } from '../krm/object.ts'
import { type Abilities, reportLoss } from './loss.ts'
import { bound, dubbo, dubboEntry, istio, redis, said, service } from './scene.test-support.ts'

type Fields = Readonly<Record<string, unknown>>

const tcpDubbo = { name: 'tcp-dubbo', port: 20880 }
const http = { name: 'http', port: 80 }

/** Dubbo with HTTP beside it: a console, metrics, an actuator. */
const mixed = service('orders', { clusterIP: '10.0.0.1', ports: [tcpDubbo, http] })
const plain = service('orders', { clusterIP: '10.0.0.1', ports: [tcpDubbo] })
const neighbours = [
  service('web', { clusterIP: '10.0.0.2', ports: [http] }),
  service('site', { clusterIP: '10.0.0.3', ports: [http, { name: 'grpc', port: 81 }] }),
  service('stock', { clusterIP: '10.0.0.4', ports: [tcpDubbo, http] }),
  service('lazy', { clusterIP: '10.0.0.5', ports: [{ name: 'rpc', port: 9 }] }),
]

const to = (host: string, number?: number): Fields => ({
  destination: { host, ...(number === undefined ? {} : { port: { number } }) },
})

function scene(orders: KubernetesObject, spec: Fields, rules = dubbo) {
  const virtualService = istio('VirtualService', 'v', { hosts: ['orders'], ...spec })
  const { outbound, said: problems } = bound([orders, ...neighbours, virtualService], {}, rules)
  const port = outbound.flatMap(({ ports }) => ports).find(({ hostname }) => hostname.startsWith('orders'))
  if (port === undefined) throw new Error(problems.join('\n'))
  const clusters = port.routes.map(({ destinations }) => destinations.map(({ cluster }) => cluster).join(' '))
  return { port, clusters, problems }
}

const orders = 'orders.shop.svc.cluster.local'
function notFor(http: string, routes = '`spec.http[0]` is', ports = `${orders}:20880`, protocol = 'dubbo'): string {
  const lead = routes.endsWith('are') ? 'they lead' : 'it leads'
  return `info VirtualService shop/v spec.http[0]: ${routes} not for ${protocol} at ${ports}: ${lead} to ${http}, which Istio takes for HTTP. If ${protocol} is meant, correct \`destination\`; if HTTP, nothing need be done, and \`match[].port\` with the number of an HTTP port says so without this remark`
}

describe('a route of http[] that leads to HTTP', () => {
  test.each([
    ['by number', [to('orders', 80)], `${orders}:80`],
    ['by the number of another host', [to('stock', 80)], 'stock.shop.svc.cluster.local:80'],
    ['by the only port of the host', [to('web')], 'web.shop.svc.cluster.local:80'],
    ['whichever port is meant', [to('site')], 'site.shop.svc.cluster.local:80, site.shop.svc.cluster.local:81'],
    [
      'with all of a split',
      [
        { ...to('orders', 80), weight: 90 },
        { ...to('web'), weight: 10 },
      ],
      `${orders}:80, web.shop.svc.cluster.local:80`,
    ],
  ])('%s is not for our port, and it is said once', (_, route, where) => {
    const { clusters, port, problems } = scene(mixed, { http: [{ timeout: '1s', route }, { route }] })
    expect({ clusters, features: port.features, problems }).toEqual({
      clusters: [],
      features: [],
      problems: [notFor(where, '`spec.http[0]`, `spec.http[1]` are')],
    })
  })

  test.each([
    ['a condition that only HTTP has', { http: [{ match: [{ uri: { prefix: '/' } }], route: [to('orders', 80)] }] }],
    ['another port in each match', { http: [{ match: [{ port: 80 }], route: [to('orders', 80)] }] }],
    [
      'a neighbour that names our port',
      { http: [{ match: [{ port: 20880 }], route: [to('orders')] }, { route: [to('orders', 80)] }] },
    ],
    [
      'a neighbour that leads to our port by number',
      { http: [{ route: [to('orders', 80)] }, { route: [to('orders', 20880)] }] },
    ],
    [
      'a neighbour in tcp[] that names our port',
      { http: [{ route: [to('orders', 80)] }], tcp: [{ match: [{ port: 20880 }], route: [to('orders')] }] },
    ],
  ])('with %s needs no word', (_, spec) => {
    const { port, problems } = scene(mixed, spec)
    expect(problems).toEqual([])
    expect(port.features.map(({ place }) => place.path).filter((path) => path.includes('uri'))).toEqual([])
  })

  test('leaves the others as they are', () => {
    const { clusters, problems } = scene(mixed, {
      http: [{ route: [to('orders', 80)] }, { route: [to('stock')] }],
    })
    expect(clusters).toEqual(['outbound|20880||stock.shop.svc.cluster.local'])
    expect(problems).toEqual([notFor(`${orders}:80`)])
  })

  test('is said of all ports at once', () => {
    const two = [tcpDubbo, http, { name: 'tcp-dubbo-two', port: 20881 }]
    const { problems } = scene(service('orders', { clusterIP: '10.0.0.1', ports: two }), {
      http: [{ route: [to('web')] }],
    })
    const both = `${orders}:20880, ${orders}:20881`
    expect(problems).toEqual([notFor('web.shop.svc.cluster.local:80', '`spec.http[0]` is', both)])
  })

  test.each([
    ['several hosts', { hosts: ['orders', 'web'] }, ''],
    ['a wildcard', { hosts: ['*.shop.svc.cluster.local'] }, ', stock.shop.svc.cluster.local:20880'],
    ['a gateway', { gateways: ['mesh', 'istio-system/ingress'] }, ''],
  ])('may be for another than a host without HTTP if the VirtualService is for %s', (_, spec, covered) => {
    const { clusters, problems } = scene(plain, { ...spec, http: [{ route: [to('web')] }] })
    expect(clusters).toEqual([])
    const ports = `${orders}:20880${covered}`
    expect(problems).toEqual([notFor('web.shop.svc.cluster.local:80', '`spec.http[0]` is', ports)])
  })
})

describe('a route that is for our port and leads to HTTP is an error', () => {
  const error = (path: string, host: string, others: string) =>
    `error VirtualService shop/v spec.${path}: \`${path.endsWith('host') ? 'host' : 'port.number'}\` must lead to a port that can carry dubbo: Istio takes ${host}.shop.svc.cluster.local:80 ("http") for HTTP; ${others}. If it does serve dubbo, name the port \`tcp-dubbo\``

  test.each<[string, KubernetesObject, Fields, string]>([
    [
      'by `match[].port`',
      mixed,
      { http: [{ match: [{ port: 20880 }], route: [to('orders', 80)] }] },
      error('http[0].route[0].destination.port.number', 'orders', 'it has 20880'),
    ],
    [
      'since its host has no HTTP',
      plain,
      { http: [{ route: [to('stock', 80)] }] },
      error('http[0].route[0].destination.port.number', 'stock', 'it has 20880'),
    ],
    [
      'twice named',
      plain,
      { hosts: ['orders', orders], http: [{ route: [to('web')] }] },
      error('http[0].route[0].destination.host', 'web', 'it has no other'),
    ],
    [
      'in half of a split',
      mixed,
      {
        http: [
          {
            route: [
              { ...to('orders', 80), weight: 1 },
              { ...to('orders', 20880), weight: 1 },
            ],
          },
        ],
      },
      error('http[0].route[0].destination.port.number', 'orders', 'it has 20880'),
    ],
    [
      'in tcp[]',
      mixed,
      { tcp: [{ route: [to('orders', 80)] }] },
      error('tcp[0].route[0].destination.port.number', 'orders', 'it has 20880'),
    ],
  ])('%s', (_, object, spec, message) => {
    const { clusters, problems } = scene(object, spec)
    expect({ clusters, problems }).toEqual({ clusters: [], problems: [message] })
  })

  test('so is a mirror, and the route stands', () => {
    const rules = { ...dubbo, supports: ['VirtualService.http.mirror'] }
    const mirror = { host: 'stock', port: { number: 80 } }
    const { clusters, problems } = scene(mixed, { http: [{ route: [to('orders')], mirror }] }, rules)
    expect(clusters).toEqual([`outbound|20880||${orders}`])
    expect(problems).toEqual([error('http[0].mirror.port.number', 'stock', 'it has 20880')])
  })

  test.each([
    [
      'of a ServiceEntry',
      istio('ServiceEntry', 'far', {
        hosts: ['far.example'],
        addresses: ['240.240.0.9'],
        ports: [{ number: 80, name: 'tcp-dubbo-far', protocol: 'HTTP' }],
      }),
      'If it does serve dubbo, set its `protocol: TCP`',
    ],
    [
      'that an appProtocol makes HTTP',
      service('far', { clusterIP: '10.0.0.9', ports: [{ name: 'tcp-dubbo', port: 80, appProtocol: 'http' }] }),
      'If it does serve dubbo, set its `appProtocol: tcp`',
    ],
  ])('a port %s, ours by its name, is told how to be it', (_, far, fix) => {
    const host = far.kind === 'Service' ? 'far' : 'far.example'
    const objects = [mixed, far, istio('VirtualService', 'v', { hosts: ['orders'], http: [{ route: [to(host)] }] })]
    const problems = bound(objects).said.filter((line) => line.includes('VirtualService'))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^error .*spec\.http\[0\]\.route\[0\]\.destination\.host: /)
    expect(problems[0]).toContain(fix)
  })
})

describe('a route that does not say its port is for ours', () => {
  test.each([
    ['a host with HTTP beside', mixed, 'orders', `outbound|20880||${orders}`],
    ['another with HTTP beside', mixed, 'stock', 'outbound|20880||stock.shop.svc.cluster.local'],
    ['a port whose protocol Istio guesses', mixed, 'lazy', 'outbound|9||lazy.shop.svc.cluster.local'],
  ])('to %s', (_, object, host, cluster) => {
    expect(scene(object, { http: [{ route: [to(host)] }] })).toMatchObject({ clusters: [cluster], problems: [] })
  })

  const abilities: Abilities = { name: 'dubbo', supports: [], replacesTcpProxy: true }
  const hint =
    '; if the route is for port 80, which is HTTP, say so by `match[].port`, or by `destination.port` in all its destinations'
  const uri = [{ uri: { prefix: '/' } }]
  const lost = (object: KubernetesObject, route: Fields) =>
    said(reportLoss(scene(object, { http: [route] }).port, abilities, 'error')).map((line) => line.endsWith(hint))

  test.each<[string, KubernetesObject, Fields, boolean]>([
    ['has HTTP beside', mixed, { match: uri, route: [to('orders')] }, true],
    ['has no HTTP', plain, { match: uri, route: [to('orders')] }, false],
    ['is redirected', mixed, { redirect: { uri: '/' } }, true],
    ['is named by the destination', mixed, { match: uri, route: [to('orders', 20880)] }, false],
    ['is named by a match', mixed, { match: [{ port: 20880, ...uri[0] }], route: [to('orders')] }, false],
  ])('and is told how to say it where it asks for what cannot be, if its host %s', (_, object, route, isTold) => {
    const told = lost(object, route)
    expect(told.length).toBeGreaterThan(0)
    expect(new Set(told)).toEqual(new Set([isTold]))
  })
})

test('what our protocol is decides: the same VirtualService for Redis', () => {
  const cache = service('orders', { clusterIP: '10.0.0.1', ports: [{ name: 'tcp-redis', port: 6379 }, http] })
  const { clusters, problems } = scene(cache, { http: [{ route: [to('orders', 80)] }] }, redis)
  expect(clusters).toEqual([])
  expect(problems).toEqual([notFor(`${orders}:80`, '`spec.http[0]` is', `${orders}:6379`, 'redis')])
})

test('an entry of one port is as before', () => {
  const route = [{ destination: { host: 'orders.dubbo' } }]
  const { outbound, said: problems } = bound([
    dubboEntry('orders'),
    istio('VirtualService', 'v', { hosts: ['orders.dubbo'], http: [{ route }] }),
  ])
  expect(problems).toEqual([])
  expect(outbound[0]?.ports[0].routes).toHaveLength(1)
})

describe('whatever is written', () => {
  const target = fc
    .record({
      host: fc.constantFrom('orders', 'stock', 'web', 'site', 'lazy'),
      number: fc.constantFrom(undefined, undefined, 80, 20880),
      weight: fc.constantFrom(0, 1),
    })
    .map(({ host, number, weight }) => ({ ...to(host, number), weight }))
  const match = fc.array(
    fc.record(
      { port: fc.constantFrom(80, 20880), uri: fc.constant({ prefix: '/' }), method: fc.constant({ exact: 'a' }) },
      { requiredKeys: [] },
    ),
    { minLength: 1, maxLength: 2 },
  )
  const mirror = fc.constantFrom({ host: 'web' }, { host: 'stock' })
  const route = fc.record(
    { route: fc.array(target, { minLength: 1, maxLength: 2 }), match, mirror },
    { requiredKeys: ['route'] },
  )
  const spec = fc.record({
    hosts: fc.constantFrom(['orders'], ['orders', 'web']),
    http: fc.array(route, { minLength: 1, maxLength: 3 }),
    tcp: fc.array(fc.record({ route: fc.array(target, { minLength: 1, maxLength: 1 }) }), { maxLength: 1 }),
  })
  const rules = { ...dubbo, supports: ['VirtualService.http.mirror'] }

  test('no call goes to HTTP, and a route that only our port can have is there or in error', () => {
    fc.assert(
      fc.property(fc.constantFrom(mixed, plain), spec, (object, written) => {
        const { port, problems } = scene(object, written, rules)
        const targets = port.routes.flatMap(({ destinations, mirrors }) => [
          ...destinations,
          ...mirrors.map((one) => one.target),
        ])
        expect(targets.filter(({ port: number }) => number < 100 && number !== 9)).toEqual([])
        const ours = written.http.flatMap(({ match: matches = [] }, i) =>
          matches.some((one) => one.port === 20880 && one.uri === undefined) ? [`spec.http[${i}]`] : [],
        )
        const kept = new Set(port.routes.map(({ place }) => place.path))
        const silent = ours.filter(
          (path) => !kept.has(path) && !problems.some((line) => line.includes(`error VirtualService shop/v ${path}`)),
        )
        expect(silent).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
