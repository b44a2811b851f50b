import type { KubernetesObject } from '../../../src/krm/object.ts'
import { isObject, labelsAt, textAt } from '../json.ts'

/** Whether a value is a Kubernetes object: what a rendered folder holds beside other YAML. */
export function isManifest(value: unknown): value is KubernetesObject {
  return (
    isObject(value) &&
    textAt(value, 'apiVersion') !== undefined &&
    textAt(value, 'kind') !== undefined &&
    textAt(value, 'metadata', 'name') !== undefined
  )
}

/** Read by tools on the way and never applied to a cluster. */
export function isLocalConfig(object: KubernetesObject): boolean {
  return object.metadata.annotations?.['config.kubernetes.io/local-config'] === 'true'
}

export function namespaceOf(object: KubernetesObject): string {
  return object.metadata.namespace ?? 'default'
}

export function named(object: KubernetesObject): string {
  return `${object.kind} ${namespaceOf(object)}/${object.metadata.name}`
}

export function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value)
}

/** Labels of the pods that a workload makes, or of the Pod itself. */
export function podLabels(workload: KubernetesObject): Readonly<Record<string, string>> {
  return workload.kind === 'Pod'
    ? labelsAt(workload, 'metadata', 'labels')
    : labelsAt(workload, 'spec', 'template', 'metadata', 'labels')
}

const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'Pod']

export function isWorkload(object: KubernetesObject): boolean {
  return workloadKinds.includes(object.kind)
}

const istio = /^(networking|security|telemetry|extensions)\.istio\.io\//

/** Kinds that istiod reads: everything else in a repository is none of its business. */
export function isRead(object: KubernetesObject): boolean {
  if (istio.test(object.apiVersion)) return object.kind !== 'ProxyConfig'
  return object.apiVersion === 'v1' && ['Service', 'Namespace', 'Pod', 'Node'].includes(object.kind)
}
