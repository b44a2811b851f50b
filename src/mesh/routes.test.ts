import { describe, expect, test } from 'vitest'
import type { L7Port, RouteMatch } from './l7-port.ts'
import { bound, dubboEntry, istio, onlyPort, service } from './scene.test-support.ts'

type Fields = Readonly<Record<string, unknown>>

const subsets = istio('DestinationRule', 'orders', { host: 'orders.dubbo', subsets: [{ name: 'v1' }, { name: 'v2' }] })
const entry = dubboEntry('orders')
const to = (host: string, more: Fields = {}): Fields => ({ destination: { host, ...more } })

function virtualService(spec: Fields, metadata?: Fields) {
  return istio('VirtualService', 'orders', { hosts: ['orders.dubbo'], ...spec }, metadata)
}

function http(...routes: readonly Fields[]): L7Port {
  return onlyPort([entry, subsets, virtualService({ http: routes })])
}

/** `matches -> cluster=weight ...` */
function shown({ routes }: L7Port): readonly string[] {
  return routes.map(({ kind, matches, destinations }) => {
    const where = destinations.map(({ cluster, weight }) => `${cluster}=${weight}`).join(' ')
    return `${kind} ${matches.map(condition).join(' or ')} -> ${where}`
  })
}

function condition({ method, headers, withoutHeaders }: RouteMatch): string {
  const header = ({ name, value }: RouteMatch['headers'][number]) =>
    value === undefined ? name : `${name}:${value.type}:${value.value}`
  return [
    ...(method === undefined ? [] : [`method:${method.type}:${method.value}`]),
    ...headers.map(header),
    ...withoutHeaders.map((one) => `not ${header(one)}`),
  ].join('&')
}

const cluster = 'outbound|20880||orders.dubbo'

describe('matches', () => {
  test('all of a route, in order, with all their conditions', () => {
    const port = http(
      {
        match: [
          { method: { exact: 'create' }, headers: { user: { prefix: 'a' }, b: {}, a: { regex: '.*' } } },
          { withoutHeaders: { tenant: { exact: 'x' } } },
        ],
        route: [to('orders.dubbo', { subset: 'v2' })],
      },
      { route: [to('orders.dubbo', { subset: 'v1' })] },
    )
    expect(shown(port)).toEqual([
      'http method:exact:create&a:regex:.*&b&user:prefix:a or not tenant:exact:x -> outbound|20880|v2|orders.dubbo=100',
      'http  -> outbound|20880|v1|orders.dubbo=100',
    ])
  })

  test('know their places', () => {
    const port = http({ match: [{ headers: { 'x-user': { exact: 'a' } } }], route: [to('orders.dubbo')] })
    expect(port.routes[0]?.place.path).toBe('spec.http[0]')
    expect(port.routes[0]?.matches[0]?.place.path).toBe('spec.http[0].match[0]')
    expect(port.routes[0]?.matches[0]?.headers[0]?.place.path).toBe('spec.http[0].match[0].headers.x-user')
    expect(port.routes[0]?.matches[0]?.headers[0]?.value?.place.path).toBe('spec.http[0].match[0].headers.x-user.exact')
    expect(port.routes[0]?.destinations[0]?.place.path).toBe('spec.http[0].route[0]')
  })

  test('of another port or of gateways only are left out, with their route if none is left', () => {
    const port = http(
      { match: [{ port: 80 }, { port: 20880, method: { exact: 'a' } }], route: [to('orders.dubbo')] },
      { match: [{ gateways: ['istio-system/ingress'] }], route: [to('orders.dubbo')] },
      { match: [{ gateways: ['ingress', 'mesh'], method: { exact: 'b' } }], route: [to('orders.dubbo')] },
    )
    expect(shown(port)).toEqual([`http method:exact:a -> ${cluster}=100`, `http method:exact:b -> ${cluster}=100`])
  })

  test.each([
    ['uri', { uri: { prefix: '/' } }],
    ['sourceLabels', { sourceLabels: { app: 'x' } }],
    ['sourceNamespace', { sourceNamespace: 'x' }],
    ['a field of a later Istio', { moonPhase: 'full' }],
    ['a header match of a later Istio', { headers: { user: { suffix: 'x' } } }],
  ])('with %s are left out, never widened', (_, match) => {
    const port = http({ match: [{ method: { exact: 'a' }, ...match }], route: [to('orders.dubbo', { subset: 'v1' })] })
    expect(port.routes).toEqual([])
    expect(port.features.length).toBeGreaterThan(0)
  })

  test.each([{ name: 'all' }, { method: { prefix: '' } }, { method: { regex: '.*' } }])(
    'that say nothing about a call take every call: %j',
    (match) => {
      const { said, outbound } = bound([
        entry,
        virtualService({ http: [{ match: [match], route: [to('orders.dubbo')] }, { route: [to('orders.dubbo')] }] }),
      ])
      expect(outbound[0]?.ports[0].routes).toHaveLength(2)
      expect(said).toEqual([
        'warning VirtualService shop/orders spec.http[1]: `spec.http[1]` is never used: `spec.http[0]` of VirtualService shop/orders takes every call',
      ])
    },
  )
})

describe('weights', () => {
  const split = (...weights: readonly (number | undefined)[]) => ({
    route: weights.map((weight, i) => ({
      ...to('orders.dubbo', { subset: i === 0 ? 'v1' : 'v2' }),
      ...(weight === undefined ? {} : { weight }),
    })),
  })

  test('of a single destination do not matter', () => {
    expect(shown(http(split(undefined)))).toEqual(['http  -> outbound|20880|v1|orders.dubbo=100'])
    expect(shown(http(split(0)))).toEqual(['http  -> outbound|20880|v1|orders.dubbo=100'])
  })

  test('of several are kept as they are; zero and absent get nothing', () => {
    expect(shown(http(split(1, 2)))).toEqual([
      'http  -> outbound|20880|v1|orders.dubbo=1 outbound|20880|v2|orders.dubbo=2',
    ])
    expect(shown(http(split(0, 5)))).toEqual(['http  -> outbound|20880|v2|orders.dubbo=5'])
    expect(shown(http(split(7, undefined)))).toEqual(['http  -> outbound|20880|v1|orders.dubbo=7'])
  })

  test('that sum to zero are an error', () => {
    const { said, outbound } = bound([entry, subsets, virtualService({ http: [split(0, 0)] })])
    expect(outbound[0]?.ports[0].routes).toEqual([])
    expect(said).toEqual([
      'error VirtualService shop/orders spec.http[0].route: `weight`s must sum to a positive number: with several destinations, one without `weight` gets no calls',
    ])
  })
})

describe('destinations', () => {
  const other = service('stock', {
    clusterIP: '10.0.0.1',
    ports: [
      { name: 'tcp', port: 80 },
      { name: 'rpc', port: 20881 },
    ],
  })
  const single = service('single', { clusterIP: '10.0.0.2', ports: [{ name: 'rpc', port: 9 }] })
  const withRoute = (...route: readonly Fields[]) =>
    bound([entry, subsets, other, single, virtualService({ http: [{ route }] })])

  test.each([
    [
      'another host and port',
      to('stock.shop.svc.cluster.local', { port: { number: 20881 } }),
      'outbound|20881||stock.shop.svc.cluster.local',
    ],
    [
      'a short name, in the namespace of the VirtualService',
      to('stock', { port: { number: 80 } }),
      'outbound|80||stock.shop.svc.cluster.local',
    ],
    ['the only port of a host', to('single'), 'outbound|9||single.shop.svc.cluster.local'],
    ['the same number', to('orders.dubbo'), cluster],
    ['a subset', to('orders.dubbo', { subset: 'v2' }), 'outbound|20880|v2|orders.dubbo'],
  ])('%s', (_, route, expected) => {
    const { outbound, said } = withRoute(route)
    expect(said).toEqual([])
    expect(outbound[0]?.ports[0].routes[0]?.destinations).toMatchObject([{ cluster: expected, weight: 100 }])
  })

  test.each([
    [
      'an unknown host',
      to('order.dubbo'),
      '.destination.host: `host` must name a Service or ServiceEntry of the list; "order.dubbo" is none: the nearest are "orders.dubbo"',
    ],
    [
      'a short name that is unknown',
      to('stok'),
      '.destination.host: `host` must name a Service or ServiceEntry of the list; "stok" (stok.shop.svc.cluster.local) is none: the nearest are "stock.shop.svc.cluster.local"',
    ],
    [
      '`svc.ns`, which Istio does not expand',
      to('stock.shop'),
      '.destination.host: `host` must name a Service or ServiceEntry of the list; "stock.shop" is none: the nearest are "stock.shop.svc.cluster.local"',
    ],
    [
      'a host that is like none',
      to('nowhere.example'),
      '.destination.host: `host` must name a Service or ServiceEntry of the list; "nowhere.example" is none: add its Service or ServiceEntry to the list',
    ],
    [
      'no port where there are several',
      to('stock'),
      '.destination: `port.number` must say which port of stock.shop.svc.cluster.local is meant: it has 80, 20881, and not 20880',
    ],
    [
      'a port that does not exist',
      to('stock', { port: { number: 81 } }),
      '.destination.port.number: `port.number` must be a TCP port of stock.shop.svc.cluster.local: 81 is not, it has 80, 20881',
    ],
    [
      'an unknown subset',
      to('orders.dubbo', { subset: 'v3' }),
      '.destination.subset: `subset` must be one that a DestinationRule of orders.dubbo defines; "v3" is not: DestinationRule shop/orders defines "v1", "v2"',
    ],
    [
      'a subset of a host without DestinationRule',
      to('single', { subset: 'v1' }),
      '.destination.subset: `subset` must be one that a DestinationRule of single.shop.svc.cluster.local defines; "v1" is not: no DestinationRule for single.shop.svc.cluster.local applies',
    ],
  ])('%s', (_, route, message) => {
    const { outbound, said } = withRoute(route)
    expect(said).toEqual([`error VirtualService shop/orders spec.http[0].route[0]${message}`])
    expect(outbound[0]?.ports[0].routes).toEqual([])
  })

  test('half of a split is not sent to the other half', () => {
    const { outbound, said } = withRoute(
      { ...to('orders.dubbo'), weight: 50 },
      { ...to('nowhere.example'), weight: 50 },
    )
    expect(outbound[0]?.ports[0].routes).toEqual([])
    expect(said).toHaveLength(1)
  })

  test('an ExternalName has no cluster', () => {
    const alias = service('alias', { type: 'ExternalName', externalName: 'a.b' })
    const { said } = bound([entry, alias, virtualService({ http: [{ route: [to('alias')] }] })])
    expect(said[0]).toContain('Service shop/alias is an ExternalName, an alias without a cluster')
  })

  test.each([
    [['.'], {}, 'exported to shop, but the route is for every namespace'],
    [['~'], {}, 'exported to nobody, but the route is for every namespace'],
    [['.', 'web'], { exportTo: ['other', 'web'] }, 'exported to shop, web, but the route is for other, web'],
  ])('a host that is exported to %j only is not for all clients', (exportTo, clients, message) => {
    const hidden = dubboEntry('hidden', { addresses: ['240.240.0.8'], exportTo })
    const spec = { http: [{ route: [to('hidden.dubbo')] }] }
    const { said } = bound([dubboEntry('orders', clients), hidden, virtualService(spec)])
    const place = 'VirtualService shop/orders spec.http[0].route[0].destination.host'
    expect(said.filter((line) => line.startsWith('error'))).toEqual([expect.stringContaining(`error ${place}: `)])
    expect(said.join()).toContain(message)
  })

  test.each([
    [{ exportTo: ['web'] }, { exportTo: ['web', 'shop'] }, {}],
    [{}, {}, { clientScope: ['web'] }],
    [{}, { exportTo: ['shop'] }, { clientScope: ['web'] }],
  ])('a host that is seen by all clients, or of whom the profile speaks, is', (clients, exportTo, profile) => {
    const seen = dubboEntry('seen', { addresses: ['240.240.0.8'], ...exportTo })
    const spec = { http: [{ route: [to('seen.dubbo')] }] }
    expect(bound([dubboEntry('orders', clients), seen, virtualService(spec)], profile).said).toEqual([])
  })

  test('a route must lead somewhere', () => {
    const { said } = bound([entry, virtualService({ http: [{ match: [{ method: { exact: 'a' } }] }] })])
    expect(said).toEqual(['error VirtualService shop/orders spec.http[0]: `route` must name at least one destination'])
  })

  test('what stands instead of a route is a feature, and no error of its own', () => {
    const port = http({ redirect: { uri: '/' } }, { delegate: { name: 'x' } })
    expect(port.routes).toEqual([])
    expect(port.features.map(({ name }) => name)).toEqual([
      'VirtualService.http.redirect.uri',
      'VirtualService.http.delegate.name',
    ])
  })
})

test('tcp[] follows http[], with its conditions settled or left out', () => {
  const port = onlyPort([
    entry,
    subsets,
    virtualService({
      http: [{ match: [{ method: { exact: 'a' } }], route: [to('orders.dubbo', { subset: 'v1' })] }],
      tcp: [
        { match: [{ destinationSubnets: ['10.0.0.0/8'] }], route: [to('orders.dubbo')] },
        { match: [{ port: 1 }], route: [to('orders.dubbo')] },
        {
          match: [{ port: 20880 }],
          route: [
            { ...to('orders.dubbo', { subset: 'v1' }), weight: 1 },
            { ...to('orders.dubbo', { subset: 'v2' }), weight: 3 },
          ],
        },
      ],
    }),
  ])
  expect(shown(port)).toEqual([
    'http method:exact:a -> outbound|20880|v1|orders.dubbo=100',
    'tcp  -> outbound|20880|v1|orders.dubbo=1 outbound|20880|v2|orders.dubbo=3',
  ])
})
