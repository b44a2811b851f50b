import { expect, test } from 'vitest'
import { at } from '../krm/object.ts'
import { diagnosticsOf, resultOf } from '../krm/outcome.ts'
import type { Reference } from './resolve.ts'
import { bound, istio, said, service } from './scene.test-support.ts'

const place = at({ item: 0, ref: { apiVersion: 'v1', kind: 'Kind', name: 'one' } }, 'spec.service')

function resolved(reference: Partial<Reference>) {
  const { resolve } = bound([
    service('limits', {
      ports: [
        { name: 'grpc-limits', port: 8081 },
        { name: 'http', port: 8080 },
      ],
    }),
    istio('ServiceEntry', 'far', { hosts: ['far.example'], ports: [{ number: 443, name: 'a', protocol: 'GRPC' }] }),
    istio('ServiceEntry', 'tcp', { hosts: ['tcp.example'], ports: [{ number: 443, name: 'a', protocol: 'TCP' }] }),
    istio('DestinationRule', 'far', { host: 'far.example', subsets: [{ name: 'eu' }] }),
  ])
  const { host = 'limits' } = reference
  const port = host === 'limits' ? { port: 8081 } : {}
  const one: Reference = { place, namespace: 'shop', host, ...port, clients: ['istio-system'], ...reference }
  return { resolve, one, outcome: resolve(one) }
}

test.each([
  ['a Service by its short name', {}, 'outbound|8081||limits.shop.svc.cluster.local', true],
  ['a port that speaks HTTP/1.1', { port: 8080 }, 'outbound|8080||limits.shop.svc.cluster.local', false],
  ['the subset of another host', { host: 'far.example', port: 443, subset: 'eu' }, 'outbound|443|eu|far.example', true],
])('%s', (_, reference, cluster, isHttp2) => {
  expect(resultOf(resolved(reference).outcome)).toMatchObject({ cluster, isHttp2 })
})

test.each([
  [{ port: 8080 }, 'port: `port`', 'limits.shop.svc.cluster.local:8080 ("http") for HTTP; it has no other'],
  [{ port: 8081 }, 'port: `port`', 'limits.shop.svc.cluster.local:8081 ("grpc-limits") for HTTP; it has no other'],
  [{ host: 'far.example' }, 'host: `host`', 'far.example:443 ("a") for HTTP; it has no other'],
])(
  'calls of the protocol cannot go to HTTP: %o, though another question can, before and after',
  (reference, at, why) => {
    const { resolve, one } = resolved(reference)
    const asked = () => resultOf(resolve(one))?.hostname
    const hostname = asked()
    expect(hostname).toBeDefined()
    expect(said(diagnosticsOf(resolve({ ...one, takesCalls: true })))).toEqual([
      expect.stringContaining(
        `error Kind one spec.service.${at} must lead to a port that can carry dubbo: Istio takes ${why}. `,
      ),
    ])
    expect(asked()).toBe(hostname)
  },
)

test('calls of the protocol can go to TCP', () => {
  const { resolve, one } = resolved({ host: 'tcp.example', takesCalls: true })
  expect(resultOf(resolve({ ...one, port: 443 }))?.cluster).toBe('outbound|443||tcp.example')
})

test('the only port need not be said', () => {
  const { resolve } = bound([service('limits', { ports: [{ name: 'grpc', port: 8081 }] })])
  const outcome = resolve({ place, namespace: 'shop', host: 'limits', clients: [] })
  expect(resultOf(outcome)?.port).toBe(8081)
})

test.each([
  [
    { namespace: 'web' },
    'Kind one spec.service.host: `host` must name a Service or ServiceEntry of the list; "limits" (limits.web.svc.cluster.local) is none: the nearest are "limits.shop.svc.cluster.local"',
  ],
  [
    { port: 1 },
    'Kind one spec.service.port: `port` must be a TCP port of limits.shop.svc.cluster.local: 1 is not, it has 8080, 8081',
  ],
  [
    { host: 'tcp.example', port: 443, subset: 'eu' },
    'Kind one spec.service.subset: `subset` must be one that a DestinationRule of tcp.example defines; "eu" is not: no DestinationRule for tcp.example applies',
  ],
])('%o is an error', (reference, message) => {
  expect(said(diagnosticsOf(resolved(reference).outcome))).toEqual([`error ${message}`])
})
