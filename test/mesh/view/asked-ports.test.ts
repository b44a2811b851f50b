import { expect, test } from 'vitest'
import type { KubernetesObject } from '../../../src/krm/object.ts'
import { askedPorts } from './asked-ports.ts'
import { runningPod } from './pods.ts'

const pod = runningPod({
  name: 'orders-0',
  namespace: 'shop',
  labels: { app: 'orders' },
  address: '10.1.0.10',
  containers: [{ ports: [{ containerPort: 20881 }] }],
  serviceAccount: 'default',
})

function service(spec: object): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'orders', namespace: 'shop' },
    spec: { selector: { app: 'orders' }, ...spec },
  }
}

const ports = [
  { name: 'tcp-dubbo', port: 20880, targetPort: 20881 },
  { name: 'http-dubbo-console', port: 80, targetPort: 80 },
  { name: 'tcp-thrift', port: 9090, targetPort: 9090 },
]

test.each([
  [{ name: 'tcp-dubbo' }, true],
  [{ name: 'dubbo-orders' }, true],
  [{ name: 'tcp-dubbo', appProtocol: 'tcp' }, true],
  [{ name: 'wire', appProtocol: 'dubbo' }, true],
  [{ name: 'http-dubbo-console' }, false],
  [{ name: 'tcp-dubbo', appProtocol: 'http' }, false],
  [{ name: 'tcp-dubbox' }, false],
])('%j asks for Dubbo: %s', (port, isAsked) => {
  const asked = askedPorts('dubbo', [service({ clusterIPs: ['10.96.0.7'], ports: [{ port: 1, ...port }] })], [pod])
  expect(asked).toHaveLength(isAsked ? 1 : 0)
})

test("clients' listeners have the Service's port, the pod's chain has the container's", () => {
  const [asked] = askedPorts('dubbo', [service({ clusterIPs: ['10.96.0.7', '10.96.0.8'], ports })], [pod])
  expect(asked?.host).toBe('orders.shop.svc.cluster.local')
  expect(asked?.listeners).toEqual(['10.96.0.7_20880', '10.96.0.8_20880'])
  expect(asked?.containers).toEqual([{ address: '10.1.0.10', port: 20881 }])
})

test('a headless Service has a listener for each pod', () => {
  const [asked] = askedPorts('dubbo', [service({ clusterIPs: ['None'], ports })], [pod])
  expect(asked?.listeners).toEqual(['10.1.0.10_20881'])
})

test('a ServiceEntry has a listener for each address, or the wildcard', () => {
  const entry = (spec: object): KubernetesObject => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'orders', namespace: 'shop' },
    spec: { hosts: ['orders.dubbo'], ports: [{ name: 'tcp-dubbo', number: 20880 }], ...spec },
  })
  expect(askedPorts('dubbo', [entry({ addresses: ['240.0.0.1', '240.0.0.2/32'] })], [])[0]?.listeners).toEqual([
    '240.0.0.1_20880',
    '240.0.0.2_20880',
  ])
  expect(askedPorts('dubbo', [entry({})], [])[0]?.listeners).toEqual(['0.0.0.0_20880'])
})
