import type { KubernetesObject } from '../../../src/krm/object.ts'
import { listAt, textAt } from '../json.ts'
import { namespaceOf, podLabels, selects } from './manifest.ts'
import { podAddress } from './pods.ts'
import { containerPort, selectorOf } from './services.ts'

/** What the endpoint controller makes of a Service and the pods of its namespace. */
export function endpointSlice(
  service: KubernetesObject,
  pods: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  const selector = selectorOf(service)
  if (selector === undefined) return []
  const namespace = namespaceOf(service)
  const selected = pods.filter((pod) => namespaceOf(pod) === namespace && selects(selector, podLabels(pod)))
  // One slice for a pod: pods may give a named port different numbers.
  return selected.map((pod) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${service.metadata.name}-${pod.metadata.name}`,
      namespace,
      labels: { 'kubernetes.io/service-name': service.metadata.name },
    },
    addressType: 'IPv4',
    endpoints: [
      {
        addresses: [podAddress(pod)],
        conditions: { ready: true, serving: true, terminating: false },
        targetRef: { kind: 'Pod', name: pod.metadata.name, namespace },
      },
    ],
    ports: listAt(service, 'spec', 'ports').flatMap((port) => {
      const number = containerPort(port, pod)
      return number === undefined ? [] : [{ name: textAt(port, 'name') ?? '', port: number, protocol: 'TCP' }]
    }),
  }))
}
