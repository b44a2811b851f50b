import { describe, expect, test } from 'vitest'
import { decode } from '../istio/decode.ts'
import type { KubernetesObject } from '../krm/object.ts'
import { at } from '../krm/object.ts'
import { resultOf } from '../krm/outcome.ts'
import { bind } from './bind.ts'
import type { Reference } from './resolve.ts'
import { bound, defaultProfile, deployment, istio, object, redis, service, sourced } from './scene.test-support.ts'
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

  const autoscaler = (maxReplicas: unknown, target: object = {}, apiVersion = 'autoscaling/v2') =>
    object(apiVersion, 'HorizontalPodAutoscaler', 'any', {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cache', ...target },
      maxReplicas,
    })
  const keda = (spec: object) => object('keda.sh/v1alpha1', 'ScaledObject', 'any', spec)
  const cache = { name: 'cache' }

  test.each([
    ['of autoscaling/v2', autoscaler(5), undefined],
    ['of autoscaling/v1', autoscaler(5, {}, 'autoscaling/v1'), undefined],
    ['of a former version of its target', autoscaler(5, { apiVersion: 'apps/v1beta2' }), undefined],
    ['without the version of its target', autoscaler(5, { apiVersion: null }), undefined],
    ['that may make one', autoscaler(1), 1],
    ['whose limit is no number', autoscaler('1'), undefined],
    ['of another name', autoscaler(5, { name: 'other' }), 1],
    ['of another kind', autoscaler(5, { kind: 'StatefulSet' }), 1],
    ['of another group', autoscaler(5, { apiVersion: 'example.com/v1' }), 1],
    ['of another namespace', { ...autoscaler(5), metadata: { name: 'any', namespace: 'bank' } }, 1],
    ['of KEDA, which takes a Deployment', keda({ scaleTargetRef: cache }), undefined],
    ['of KEDA, up to five', keda({ scaleTargetRef: cache, maxReplicaCount: 5 }), undefined],
    ['of KEDA, up to one', keda({ scaleTargetRef: cache, maxReplicaCount: 1 }), 1],
    ['of KEDA, whose limit has another name', keda({ scaleTargetRef: cache, maxReplicas: 1 }), undefined],
    [
      'whose limit has the name of that of KEDA',
      object('autoscaling/v2', 'HorizontalPodAutoscaler', 'any', {
        scaleTargetRef: { ...cache, kind: 'Deployment' },
        maxReplicas: 5,
        maxReplicaCount: 1,
      }),
      undefined,
    ],
    ['of KEDA, for a StatefulSet', keda({ scaleTargetRef: { ...cache, kind: 'StatefulSet' } }), 1],
  ])('an autoscaler %s', (_, scaler, count) => {
    expect(upstream([selecting, deployment('cache', { app: 'cache' }, []), scaler])?.endpoints).toBe(count)
  })

  test.each([
    ['its replicas are not what counts', [workload('Deployment', 'cache', 3), autoscaler(1)], 1],
    ['it is one of two', [workload('StatefulSet', 'a', 3), workload('Deployment', 'cache'), autoscaler(5)], undefined],
    [
      'it has two autoscalers',
      [workload('Deployment', 'cache'), autoscaler(1), keda({ scaleTargetRef: cache })],
      undefined,
    ],
  ])('a workload that is scaled: %s', (_, objects, count) => {
    expect(upstream([selecting, ...objects])?.endpoints).toBe(count)
  })
})

describe('an autoscaler whose target cannot be read', () => {
  const pod = {
    ...object('v1', 'Pod', 'cache', {}),
    metadata: { name: 'cache', namespace: 'shop', labels: { app: 'cache' } },
  }

  test.each([
    ['may scale a Deployment', deployment('cache', { app: 'cache' }, []), 'shop', undefined],
    ['of another namespace does not', deployment('cache', { app: 'cache' }, []), 'bank', 1],
    ['scales no Pod', pod, 'shop', 1],
  ])('%s', (_, workload, namespace, count) => {
    const broken = object('autoscaling/v2', 'HorizontalPodAutoscaler', 'any', { scaleTargetRef: 'x' }, { namespace })
    const decoded = decode(sourced([service('cache', { ports, selector: { app: 'cache' } }), workload, broken]))
    const inputs = resultOf(decoded)
    if (inputs === undefined) throw new Error('decode always has a value')
    const resolve = resultOf(bind(inputs, defaultProfile, redis))?.resolve
    const found = resolve?.({ place, namespace: 'shop', host: 'cache', clients: ['istio-system'] })
    expect(found === undefined ? found : resultOf(found)?.endpoints).toBe(count)
  })
})

describe('how many endpoints a ServiceEntry has', () => {
  test.each([
    ['STATIC', 2],
    ['DNS', undefined],
  ])('with resolution %s', (resolution, count) => {
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

  test.each([
    [true, false],
    [false, true],
  ])('has a filter for it: needsEndpoints %s', (needsEndpoints, isOfProtocol) => {
    const { resolve } = bound([headless], profile, { ...redis, needsEndpoints })
    const found = resultOf(resolve({ place, namespace: 'shop', host: 'cache', clients: ['istio-system'] }))
    expect(found?.isOfProtocol).toBe(isOfProtocol)
  })
})
