import type { KubernetesObject } from '../../../src/krm/object.ts'
import type { MeshProxy } from '../control-plane.ts'
import { labelsAt } from '../json.ts'
import { namespaceOf, podLabels } from './manifest.ts'
import { podAddress } from './pods.ts'

/** The sidecar of a pod. */
export function sidecar(pod: KubernetesObject, istioVersion: string): MeshProxy {
  const namespace = namespaceOf(pod)
  return {
    id: `${pod.metadata.name}.${namespace}`,
    type: 'sidecar',
    namespace,
    address: podAddress(pod),
    labels: podLabels(pod),
    istioVersion,
  }
}

/** One proxy for each set of labels that an Istio Gateway selects. */
export function gateways(
  objects: readonly KubernetesObject[],
  allocate: () => string,
  istioVersion: string,
): readonly MeshProxy[] {
  const found = new Map<string, MeshProxy>()
  for (const gateway of objects.filter(isGateway)) {
    const labels = labelsAt(gateway, 'spec', 'selector')
    const key = JSON.stringify(labels)
    if (found.has(key)) continue
    const namespace = namespaceOf(gateway)
    const id = `gateway-${found.size}.${namespace}`
    found.set(key, { id, type: 'router', namespace, address: allocate(), labels, istioVersion })
  }
  return [...found.values()]
}

function isGateway({ apiVersion, kind }: KubernetesObject): boolean {
  return kind === 'Gateway' && apiVersion.startsWith('networking.istio.io/')
}
