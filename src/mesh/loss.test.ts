import { describe, expect, test } from 'vitest'
import type { L7Port } from './l7-port.ts'
import { type Abilities, reportLoss } from './loss.ts'
import { dubboEntry, istio, onlyPort, said } from './scene.test-support.ts'

type Fields = Readonly<Record<string, unknown>>

const route = [{ destination: { host: 'orders.dubbo' } }]
const terminal: Abilities = {
  name: 'dubbo',
  supports: [
    'VirtualService.http.match.method',
    'VirtualService.http.match.headers',
    'VirtualService.http.route.weight',
  ],
  replacesTcpProxy: true,
}
const observer: Abilities = { name: 'mysql', supports: [], replacesTcpProxy: false }

function port(virtualService: Fields | undefined, destinationRule?: Fields, entry: Fields = {}): L7Port {
  return onlyPort([
    dubboEntry('orders', entry),
    ...(virtualService === undefined
      ? []
      : [istio('VirtualService', 'v', { hosts: ['orders.dubbo'], ...virtualService })]),
    ...(destinationRule === undefined
      ? []
      : [istio('DestinationRule', 'd', { host: 'orders.dubbo', ...destinationRule })]),
  ])
}

function http(fields: Fields): L7Port {
  return port({ http: [{ route, ...fields }] })
}

function policy(trafficPolicy: Fields): L7Port {
  return port(undefined, { trafficPolicy })
}

function features({ features: all }: L7Port): readonly string[] {
  return all.map(({ name, place }) => `${name} ${place.path}`)
}

function lost(one: L7Port, abilities: Abilities = terminal): readonly string[] {
  return reportLoss(one, abilities, 'error').map(({ place }) => place?.path ?? '')
}

describe('features', () => {
  test('are the leaves of a route, by name and place', () => {
    const one = http({
      name: 'ignored',
      timeout: '1s',
      retries: { attempts: 2, perTryTimeout: '1s' },
      match: [
        { name: 'm', method: { exact: 'a' }, headers: { 'x.y': { regex: '.' }, z: {} }, sourceLabels: { app: 'x' } },
      ],
      headers: { request: { set: { a: 'b' } } },
      mirrors: [{ destination: { host: 'a' } }, { destination: { host: 'b' } }],
    })
    expect(features(one)).toEqual([
      'VirtualService.http.match.method.exact spec.http[0].match[0].method.exact',
      'VirtualService.http.match.headers.regex spec.http[0].match[0].headers["x.y"].regex',
      'VirtualService.http.match.headers.present spec.http[0].match[0].headers.z',
      'VirtualService.http.match.sourceLabels spec.http[0].match[0].sourceLabels.app',
      'VirtualService.http.route.destination.host spec.http[0].route[0].destination.host',
      'VirtualService.http.timeout spec.http[0].timeout',
      'VirtualService.http.retries.attempts spec.http[0].retries.attempts',
      'VirtualService.http.retries.perTryTimeout spec.http[0].retries.perTryTimeout',
      'VirtualService.http.headers.request.set spec.http[0].headers.request.set.a',
      'VirtualService.http.mirrors.destination.host spec.http[0].mirrors[0].destination.host',
      'VirtualService.http.mirrors.destination.host spec.http[0].mirrors[1].destination.host',
    ])
    expect(one.features.find(({ name }) => name === 'VirtualService.http.timeout')?.value).toBe('1s')
  })

  test('leave out what cannot apply to the port', () => {
    const one = port({
      http: [
        { match: [{ port: 80, uri: { exact: '/' } }], timeout: '1s', route },
        {
          match: [
            { port: 80, uri: { exact: '/' } },
            { port: 20880, method: { exact: 'a' } },
          ],
          route,
        },
      ],
      tls: [{ match: [{ port: 443, sniHosts: ['a'] }], route }],
    })
    expect(features(one)).toEqual([
      'VirtualService.http.match.method.exact spec.http[1].match[1].method.exact',
      'VirtualService.http.route.destination.host spec.http[1].route[0].destination.host',
    ])
  })

  test('list a weight only where there is a choice', () => {
    const two = [...route, { ...route[0], weight: 5 }]
    expect(features(port({ http: [{ route: [{ ...route[0], weight: 1 }] }] }))).not.toContain(
      'VirtualService.http.route.weight spec.http[0].route[0].weight',
    )
    expect(features(port({ http: [{ route: two }] }))).toContain(
      'VirtualService.http.route.weight spec.http[0].route[1].weight',
    )
  })

  test('of a DestinationRule: host, subsets, and settings of this port, which replace those of the host', () => {
    const one = port(undefined, {
      trafficPolicy: {
        connectionPool: { tcp: { idleTimeout: '1s' } },
        portLevelSettings: [
          { port: { number: 80 }, tls: { mode: 'SIMPLE' } },
          { port: { number: 20880 }, tls: { mode: 'DISABLE' } },
        ],
      },
      subsets: [{ name: 'v1', labels: { a: 'b' }, trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } }],
      workloadSelector: { labels: { app: 'x' } },
    })
    expect(features(one)).toEqual([
      'DestinationRule.trafficPolicy.portLevelSettings.tls.mode spec.trafficPolicy.portLevelSettings[1].tls.mode',
      'DestinationRule.subsets.trafficPolicy.loadBalancer.simple spec.subsets[0].trafficPolicy.loadBalancer.simple',
      'DestinationRule.workloadSelector.labels spec.workloadSelector.labels.app',
    ])
  })

  test('list fields of a later Istio like all others', () => {
    expect(features(http({ moonPhase: { full: true } }))).toContain(
      'VirtualService.http.moonPhase.full spec.http[0].moonPhase.full',
    )
    expect(features(policy({ moonPhase: 'full' }))).toEqual([
      'DestinationRule.trafficPolicy.moonPhase spec.trafficPolicy.moonPhase',
    ])
    expect(features(port({ moonPhase: 1 }))).toEqual(['VirtualService.moonPhase spec.moonPhase'])
  })

  test('list an exportTo that reaches fewer clients than the filter', () => {
    expect(features(port({ exportTo: ['.'] }))).toEqual(['VirtualService.exportTo spec.exportTo'])
    expect(features(port({ exportTo: ['*'] }))).toEqual([])
    expect(features(port({ exportTo: ['.'] }, undefined, { exportTo: ['.'] }))).toEqual([])
    expect(features(port(undefined, { exportTo: ['.'], subsets: [{ name: 'v1' }] }))).toEqual([
      'DestinationRule.exportTo spec.exportTo',
    ])
    expect(features(port(undefined, { exportTo: ['.'] }))).toEqual([])
  })
})

describe('loss for a filter that replaces tcp_proxy', () => {
  test.each([
    [
      'what the protocol supports, and all below it',
      http({ match: [{ method: { exact: 'a' }, headers: { a: { exact: 'b' }, c: {} } }] }),
      [],
    ],
    ['what it does not', http({ timeout: '1s' }), ['spec.http[0].timeout']],
    [
      'a setting of several parts as one',
      http({ retries: { attempts: 2, perTryTimeout: '1s' } }),
      ['spec.http[0].retries'],
    ],
    [
      'a setting of one part at that part',
      http({ fault: { delay: { fixedDelay: '1s' } } }),
      ['spec.http[0].fault.delay.fixedDelay'],
    ],
    [
      'conditions that it cannot check',
      http({ match: [{ uri: { exact: '/' }, queryParams: { a: { exact: 'b' } } }] }),
      ['spec.http[0].match[0].uri.exact', 'spec.http[0].match[0].queryParams.a.exact'],
    ],
    [
      'kinds of match that nobody reads, though the field is supported',
      http({ match: [{ headers: { a: { suffix: 'b' }, c: {} } }, { method: { suffix: 'a' } }] }),
      ['spec.http[0].match[0].headers.a.suffix', 'spec.http[0].match[1].method.suffix'],
    ],
    ['TLS routes', port({ tls: [{ match: [{ sniHosts: ['a'] }], route }] }), ['spec.tls[0]']],
    [
      'what the cluster does',
      policy({
        connectionPool: {
          tcp: { maxConnections: 1, connectTimeout: '1s', tcpKeepalive: { time: '1s' } },
          http: { http1MaxPendingRequests: 1 },
        },
        outlierDetection: { interval: '1s' },
        tls: { mode: 'ISTIO_MUTUAL' },
        loadBalancer: { simple: 'ROUND_ROBIN', localityLbSetting: { enabled: true } },
      }),
      [],
    ],
    [
      'what tcp_proxy did',
      policy({ connectionPool: { tcp: { maxConnections: 1, idleTimeout: '1s', maxConnectionDuration: '1h' } } }),
      [
        'spec.trafficPolicy.connectionPool.tcp.idleTimeout',
        'spec.trafficPolicy.connectionPool.tcp.maxConnectionDuration',
      ],
    ],
    [
      'settings for HTTP',
      policy({ connectionPool: { http: { maxRetries: 1 } } }),
      ['spec.trafficPolicy.connectionPool.http.maxRetries'],
    ],
    ['PASSTHROUGH', policy({ loadBalancer: { simple: 'PASSTHROUGH' } }), ['spec.trafficPolicy.loadBalancer.simple']],
    [
      'a hash that nothing feeds',
      policy({ loadBalancer: { consistentHash: { httpHeaderName: 'a', maglev: { tableSize: 7 } } } }),
      ['spec.trafficPolicy.loadBalancer.consistentHash.httpHeaderName'],
    ],
    ['a tunnel', policy({ tunnel: { targetHost: 'a', targetPort: 1 } }), ['spec.trafficPolicy.tunnel']],
    [
      'the same of a subset',
      port(undefined, {
        subsets: [
          { name: 'v1', trafficPolicy: { connectionPool: { tcp: { idleTimeout: '1s', connectTimeout: '1s' } } } },
        ],
      }),
      ['spec.subsets[0].trafficPolicy.connectionPool.tcp.idleTimeout'],
    ],
    [
      'the same of a port',
      policy({
        portLevelSettings: [
          { port: { number: 20880 }, connectionPool: { tcp: { idleTimeout: '1s', connectTimeout: '1s' } } },
        ],
      }),
      ['spec.trafficPolicy.portLevelSettings[0].connectionPool.tcp.idleTimeout'],
    ],
    ['a field of a later Istio', policy({ moonPhase: 'full' }), ['spec.trafficPolicy.moonPhase']],
    [
      'clients of some workloads only',
      port(undefined, { workloadSelector: { labels: { a: 'b' } } }),
      ['spec.workloadSelector.labels.a'],
    ],
  ])('%s', (_, one, expected) => {
    expect(lost(one)).toEqual(expected)
  })

  test('a supported setting covers subsets and ports', () => {
    const one = port(undefined, {
      subsets: [{ name: 'v1', trafficPolicy: { connectionPool: { tcp: { idleTimeout: '1s' } } } }],
    })
    const idle = { ...terminal, supports: ['DestinationRule.trafficPolicy.connectionPool.tcp.idleTimeout'] }
    expect(lost(one, idle)).toEqual([])
  })

  test('a reason takes back what istiod would do by itself', () => {
    const reasons = { 'DestinationRule.trafficPolicy.connectionPool.tcp.maxConnections': 'it has its own clients' }
    const one = policy({ connectionPool: { tcp: { maxConnections: 1, connectTimeout: '1s' } } })
    const [first, ...rest] = reportLoss(one, { ...terminal, reasons }, 'error')
    expect(first?.message).toContain('it has its own clients')
    expect(rest).toEqual([])
  })
})

describe('loss for a filter before tcp_proxy', () => {
  test.each([
    [
      "tcp[] routes and TLS are istiod's",
      port({ tcp: [{ match: [{ destinationSubnets: ['10.0.0.0/8'] }], route }], tls: [{ route }] }),
      [],
    ],
    [
      'what tcp_proxy does stays',
      policy({
        connectionPool: { tcp: { idleTimeout: '1s' } },
        loadBalancer: { consistentHash: { useSourceIp: true } },
      }),
      [],
    ],
    ['PASSTHROUGH stays', policy({ loadBalancer: { simple: 'PASSTHROUGH' } }), []],
    [
      'http[] routes do nothing, destinations included',
      port({ http: [{ route }] }),
      ['spec.http[0].route[0].destination.host'],
    ],
  ])('%s', (_, one, expected) => {
    expect(lost(one, observer)).toEqual(expected)
  })
})

describe('messages', () => {
  const reasons = { 'VirtualService.http': 'no', 'VirtualService.http.timeout': 'set it in the consumer' }

  test('name field, host, filter and the longest reason that fits', () => {
    expect(said(reportLoss(http({ timeout: '1s' }), { ...terminal, reasons }, 'error'))).toEqual([
      'error VirtualService shop/v spec.http[0].timeout: `http.timeout` cannot be expressed for dubbo at orders.dubbo:20880: set it in the consumer; remove it, or accept the loss with `unsupported: warning` in the MeshProfile',
    ])
  })

  test('as a warning say that the field has no effect', () => {
    const [first] = reportLoss(http({ timeout: '1s' }), terminal, 'warning')
    expect(first).toMatchObject({ severity: 'warning', currentValue: '1s' })
    expect(first?.message).toMatch(/the dubbo filter has no such setting; it has no effect$/)
  })

  test('of a narrower exportTo say what to narrow', () => {
    expect(reportLoss(port({ exportTo: ['.'] }), terminal, 'error')[0]?.message).toContain(
      'reaches fewer namespaces than the filter does (istio-system)',
    )
  })
})

test('an objection to a value costs that value, with its reason', () => {
  const picky: Abilities = {
    ...terminal,
    objection: ({ value }) => (value === 'get' ? 'it compares whole names' : undefined),
  }
  const lost = (match: Fields) => said(reportLoss(http({ match: [match] }), picky, 'error'))
  expect(lost({ method: { exact: 'set' } })).toEqual([])
  expect(lost({ method: { prefix: 'get' } })).toEqual([
    'error VirtualService shop/v spec.http[0].match[0].method.prefix: `http.match.method.prefix` cannot be expressed for dubbo at orders.dubbo:20880: it compares whole names; remove it, or accept the loss with `unsupported: warning` in the MeshProfile',
  ])
})
