import { describe, expect, test } from 'vitest'
import type { KubernetesObject } from '../krm/object.ts'
import { at } from '../krm/object.ts'
import { resultOf } from '../krm/outcome.ts'
import type { Reference } from './resolve.ts'
import { bound, deployment, istio, object, redis, service } from './scene.test-support.ts'
import type { Upstream } from './upstream.ts'

const place = at({ item: 0, ref: { apiVersion: 'v1', kind: 'Kind', name: 'one' } }, 'spec.host')
const ports = [{ name: 'tcp-redis', port: 6379 }]
const entryPorts = [{ number: 6379, name: 'tcp-redis', protocol: 'TCP' }]

function upstream(objects: readonly KubernetesObject[], reference: Partial<Reference> = {}): Upstream | undefined {
  const { resolve } = bound(objects, {}, redis)
  return resultOf(resolve({ place, namespace: 'shop', host: 'cache', clients: ['istio-system'], ...reference }))
}

function entry(spec: object): KubernetesObject {
  return istio('ServiceEntry', 'cache', { hosts: ['cache.example'], ports: entryPorts, ...spec })
}

describe('where endpoints come from', () => {
  test.each([
    ['a Service', service('cache', { ports }), 'eds'],
    ['a headless Service', service('cache', { ports, clusterIP: 'None' }), 'dialled'],
  ])('%s', (_, one, discovery) => {
    expect(upstream([one])?.discovery).toBe(discovery)
  })

  test.each([
    ['STATIC', 'eds'],
    ['DNS', 'dns'],
    ['DNS_ROUND_ROBIN', 'dns'],
    ['NONE', 'dialled'],
    [undefined, 'dialled'],
  ])('a ServiceEntry with resolution %s', (resolution, discovery) => {
    const one = entry(resolution === undefined ? {} : { resolution })
    expect(upstream([one], { host: 'cache.example' })?.discovery).toBe(discovery)
  })

  test('a load balancer PASSTHROUGH', () => {
    const rule = istio('DestinationRule', 'cache', {
      host: 'cache',
      trafficPolicy: { loadBalancer: { simple: 'PASSTHROUGH' } },
    })
    expect(upstream([service('cache', { ports }), rule])?.discovery).toBe('dialled')
  })
})

describe('how many endpoints there are', () => {
  const selecting = service('cache', { ports, selector: { app: 'cache' } })
  const workload = (kind: string, name: string, replicas?: number) =>
    object('apps/v1', kind, name, {
      ...(replicas === undefined ? {} : { replicas }),
      template: { metadata: { labels: { app: 'cache' } }, spec: {} },
    })

  test.each([
    ['nothing selected', [], undefined],
    ['a Deployment without `replicas`', [deployment('cache', { app: 'cache' }, [])], 1],
    ['a StatefulSet of three', [workload('StatefulSet', 'cache', 3)], 3],
    ['two workloads', [workload('StatefulSet', 'a', 3), workload('Deployment', 'b')], 4],
    ['a DaemonSet', [workload('DaemonSet', 'cache')], undefined],
    ['a DaemonSet beside another', [workload('DaemonSet', 'a'), workload('Deployment', 'b')], undefined],
    ['another workload', [deployment('other', { app: 'other' }, [])], undefined],
    ['a machine', [istio('WorkloadEntry', 'vm', { address: '10.0.0.1', labels: { app: 'cache' } })], 1],
  ])('%s', (_, workloads, count) => {
    expect(upstream([selecting, ...workloads])?.endpoints).toBe(count)
  })

  test.each([
    ['STATIC', 2],
    ['DNS', undefined],
  ])('endpoints of a ServiceEntry with resolution %s', (resolution, count) => {
    const one = entry({ resolution, endpoints: [{ address: '10.0.0.1' }, { address: '10.0.0.2' }] })
    expect(upstream([one], { host: 'cache.example' })?.endpoints).toBe(count)
  })
})

test('a port is of the protocol by its own name', () => {
  const both = service('cache', { ports: [...ports, { name: 'tcp', port: 6380 }] })
  expect(upstream([both], { port: 6379 })?.isOfProtocol).toBe(true)
  expect(upstream([both], { port: 6380 })?.isOfProtocol).toBe(false)
})

test('what is asked again is answered alike', () => {
  const { resolve } = bound([service('cache', { ports })], {}, redis)
  const reference = { place, namespace: 'shop', host: 'cache', clients: [] }
  expect(resultOf(resolve(reference))).toBe(
    resultOf(resolve({ ...reference, place: { ...place, path: 'spec.other' } })),
  )
  expect(resultOf(resolve({ ...reference, namespace: 'bank' }))).toBeUndefined()
})

describe('a protocol whose filter chooses endpoints', () => {
  const headless = service('cache', { ports, clusterIP: 'None' })
  const profile = { matchByPort: [6379] }

  test('leaves a headless Service alone, with a word', () => {
    const { outbound, said } = bound([headless], profile, { ...redis, needsEndpoints: true })
    expect(outbound).toEqual([])
    expect(said).toEqual([
      expect.stringMatching(/^warning Service shop\/cache spec\.ports\[0\]: .*stays plain TCP.*headless Service/),
    ])
  })

  test('others do not', () => {
    expect(bound([headless], profile, redis).outbound).toHaveLength(1)
  })
})
