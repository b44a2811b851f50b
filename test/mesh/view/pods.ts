import type { KubernetesObject } from '../../../src/krm/object.ts'
import { labelsAt, listAt, objectAt, textAt } from '../json.ts'
import { isWorkload, namespaceOf, podLabels } from './manifest.ts'

export interface PodSpec {
  readonly name: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly address: string
  readonly containers: readonly unknown[]
  readonly serviceAccount: string
}

/** A running Pod, as the kubelet and Istio's injector would have made it. */
export function runningPod(spec: PodSpec): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: spec.name, namespace: spec.namespace, labels: spec.labels },
    spec: { serviceAccountName: spec.serviceAccount, containers: spec.containers.map(storedContainer) },
    status: {
      podIP: spec.address,
      podIPs: [{ ip: spec.address }],
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  }
}

function storedContainer(container: unknown): object {
  const ports = listAt(container, 'ports').map((port) => ({ protocol: 'TCP', ...objectAt([port], 0) }))
  return { name: textAt(container, 'name') ?? 'app', image: textAt(container, 'image') ?? 'app', ports }
}

/** One Pod for each workload of the repository. */
export function podsOf(objects: readonly KubernetesObject[], allocate: () => string): readonly KubernetesObject[] {
  return objects.filter(isWorkload).map((workload) => {
    const template = workload.kind === 'Pod' ? workload : objectAt(workload, 'spec', 'template')
    return runningPod({
      name: workload.kind === 'Pod' ? workload.metadata.name : `${workload.metadata.name}-0`,
      namespace: namespaceOf(workload),
      labels: injected(podLabels(workload), labelsAt(template, 'metadata', 'annotations')),
      address: textAt(workload, 'status', 'podIP') ?? allocate(),
      containers: listAt(template, 'spec', 'containers'),
      serviceAccount: textAt(template, 'spec', 'serviceAccountName') ?? 'default',
    })
  })
}

const INJECT = 'sidecar.istio.io/inject'
/** Set by the injector; istiod lets clients use mutual TLS to such a pod. */
const TLS_MODE = 'security.istio.io/tlsMode'

function injected(
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const refused = labels[INJECT] === 'false' || annotations[INJECT] === 'false'
  return refused ? { ...labels, [INJECT]: 'false' } : { ...labels, [TLS_MODE]: 'istio' }
}

export function hasSidecar(pod: KubernetesObject): boolean {
  return podLabels(pod)[TLS_MODE] === 'istio'
}

/** Labels of a pod with a sidecar. */
export function withSidecar(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return injected(labels, {})
}

export function podAddress(pod: KubernetesObject): string {
  return textAt(pod, 'status', 'podIP') ?? ''
}
