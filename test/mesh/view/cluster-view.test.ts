import { describe, expect, test } from 'vitest'
import type { KubernetesObject } from '../../../src/krm/object.ts'
import { at, listAt, textAt } from '../json.ts'
import { type ClusterView, clusterView, STRANGE_NAMESPACE } from './cluster-view.ts'
import { viewProfile } from './mesh-profile.ts'
import { OTHER_TEAM } from './neighbours.ts'

const service: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'orders', namespace: 'shop' },
  spec: { selector: { app: 'orders' }, ports: [{ name: 'tcp-dubbo', port: 20880 }] },
}

const deployment: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'orders-v1', namespace: 'shop' },
  spec: {
    template: {
      metadata: { labels: { app: 'orders', version: 'v1' } },
      spec: { containers: [{ name: 'app', ports: [{ name: 'rpc', containerPort: 20990 }] }] },
    },
  },
}

function view(
  objects: readonly KubernetesObject[],
  spec: object = {},
  clientLabels: readonly Readonly<Record<string, string>>[] = [],
): ClusterView {
  const profile: KubernetesObject = {
    apiVersion: 'meltemi.dev/v1alpha1',
    kind: 'MeshProfile',
    metadata: { name: 'mesh' },
    spec,
  }
  return clusterView(objects, {
    profile: viewProfile(profile, undefined),
    protocols: ['dubbo'],
    clientNamespaces: [],
    clientLabels,
    istioVersion: '1.31.0',
    populated: true,
  })
}

function find({ objects }: ClusterView, kind: string, name: string): KubernetesObject | undefined {
  return objects.find((object) => object.kind === kind && object.metadata.name === name)
}

function withPort(port: object): KubernetesObject {
  return { ...service, spec: { selector: { app: 'orders' }, ports: [{ name: 'tcp-dubbo', port: 20880, ...port }] } }
}

describe('what an API server would add', () => {
  test('a targetPort, a protocol and an address', () => {
    const stored = find(view([service]), 'Service', 'orders')
    expect(listAt(stored, 'spec', 'ports')).toEqual([
      { name: 'tcp-dubbo', port: 20880, targetPort: 20880, protocol: 'TCP' },
    ])
    expect(textAt(stored, 'spec', 'clusterIP')).toMatch(/^10\.96\./)
  })

  test("the profile's address, where Git has none", () => {
    const addresses = { 'orders.shop.svc.cluster.local': '10.96.7.7' }
    expect(textAt(find(view([service], { addresses }), 'Service', 'orders'), 'spec', 'clusterIP')).toBe('10.96.7.7')
  })

  test('no address that a manifest has already', () => {
    const other = {
      ...service,
      metadata: { name: 'first', namespace: 'shop' },
      spec: { clusterIP: '10.96.0.10', ports: [] },
    }
    expect(textAt(find(view([service, other]), 'Service', 'orders'), 'spec', 'clusterIP')).not.toBe('10.96.0.10')
  })

  test('nothing for a headless Service', () => {
    const headless = { ...service, spec: { clusterIP: 'None', selector: { app: 'orders' }, ports: [] } }
    expect(textAt(find(view([headless]), 'Service', 'orders'), 'spec', 'clusterIP')).toBe('None')
  })
})

describe('pods and endpoints', () => {
  test('a Deployment has a running pod, which is an endpoint of the Service that selects it', () => {
    const made = view([service, deployment])
    const pod = find(made, 'Pod', 'orders-v1-0')
    const slice = find(made, 'EndpointSlice', 'orders-orders-v1-0')
    expect(textAt(pod, 'status', 'phase')).toBe('Running')
    expect(at(slice, 'endpoints', 0, 'addresses')).toEqual([textAt(pod, 'status', 'podIP')])
  })

  test('a targetPort by name is the container port of that name', () => {
    const made = view([withPort({ targetPort: 'rpc' }), deployment])
    expect(listAt(find(made, 'EndpointSlice', 'orders-orders-v1-0'), 'ports')).toEqual([
      { name: 'tcp-dubbo', port: 20990, protocol: 'TCP' },
    ])
    expect(made.asked[0]?.containers.map(({ port }) => port)).toEqual([20990])
  })

  test('a selector that finds no pod gets one, and so does each subset', () => {
    const rule: KubernetesObject = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'orders', namespace: 'shop' },
      spec: {
        host: 'orders',
        subsets: [
          { name: 'v1', labels: { version: 'v1' } },
          { name: 'v2', labels: { version: 'v2' } },
        ],
      },
    }
    const names = view([service, deployment, rule]).pods.map(({ metadata }) => metadata.name)
    expect(names).toContain('orders-v2-0')
    expect(names).not.toContain('orders-v1-0-0')
    expect(view([service]).pods.map(({ metadata }) => metadata.name)).toContain('orders-0')
  })
})

describe('who else is there', () => {
  test("another team's Service on each port number that is asked for", () => {
    const neighbour = find(view([service]), 'Service', 'neighbour')
    expect(neighbour?.metadata.namespace).toBe(OTHER_TEAM)
    expect(listAt(neighbour, 'spec', 'ports').map((port) => at(port, 'port'))).toEqual([20880])
  })

  test('none on a number for which the user vouches', () => {
    expect(find(view([service], { matchByPort: [20880] }), 'Service', 'neighbour')).toBeUndefined()
  })

  test('a client in the namespace of the Service and in a strange one', () => {
    const namespaces = view([service])
      .proxies.filter(({ id }) => id.startsWith('meltemi-client.'))
      .map(({ namespace }) => namespace)
    expect(namespaces).toEqual(['shop', STRANGE_NAMESPACE])
  })

  test('beside it one that bears the labels that a filter asks for', () => {
    const clients = view([service], {}, [{ has: 'it' }]).proxies.filter(({ id }) => id.startsWith('meltemi-client'))
    expect(clients.map(({ id, labels }) => [id, labels.has])).toEqual([
      ['meltemi-client.shop', undefined],
      ['meltemi-client-0.shop', 'it'],
      [`meltemi-client.${STRANGE_NAMESPACE}`, undefined],
      [`meltemi-client-0.${STRANGE_NAMESPACE}`, 'it'],
    ])
  })
})

test('local configuration never reaches the cluster', () => {
  const local = {
    ...service,
    metadata: { ...service.metadata, annotations: { 'config.kubernetes.io/local-config': 'true' } },
  }
  expect(find(view([local]), 'Service', 'orders')).toBeUndefined()
})

test('the mesh has the mTLS mode of the profile', () => {
  expect(at(find(view([service]), 'PeerAuthentication', 'default'), 'spec', 'mtls', 'mode')).toBe('PERMISSIVE')
  expect(at(find(view([service], { mtls: 'strict' }), 'PeerAuthentication', 'default'), 'spec', 'mtls', 'mode')).toBe(
    'STRICT',
  )
})
