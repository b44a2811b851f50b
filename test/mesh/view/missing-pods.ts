import type { KubernetesObject } from '../../../src/krm/object.ts'
import { at, labelsAt, listAt, numberAt, textAt } from '../json.ts'
import { namespaceOf, podLabels, selects } from './manifest.ts'
import { runningPod, withSidecar } from './pods.ts'
import { selectorOf } from './services.ts'

/**
 * Pods that the repository implies without holding their workload: one for a selector that finds none, and one for each
 * subset of a DestinationRule that does. Without them istiod would have nothing to send a call to.
 */
export function missingPods(
  objects: readonly KubernetesObject[],
  pods: readonly KubernetesObject[],
  allocate: () => string,
): readonly KubernetesObject[] {
  const made: KubernetesObject[] = []
  const need = (
    name: string,
    namespace: string,
    labels: Readonly<Record<string, string>>,
    ports: readonly unknown[],
  ): void => {
    const known = [...pods, ...made].some((pod) => namespaceOf(pod) === namespace && selects(labels, podLabels(pod)))
    if (known) return
    const containers = [{ name: 'app', image: 'app', ports }]
    const address = allocate()
    const sidecar = withSidecar(labels)
    made.push(runningPod({ name, namespace, labels: sidecar, address, containers, serviceAccount: 'default' }))
  }
  for (const owner of objects.filter(selectsPods)) {
    const selector = serviceSelector(owner)
    const namespace = namespaceOf(owner)
    const ports = containerPorts(owner)
    for (const subset of subsetsFor(owner, objects))
      need(`${owner.metadata.name}-${subset.name}-0`, namespace, { ...selector, ...subset.labels }, ports)
    need(`${owner.metadata.name}-0`, namespace, selector, ports)
  }
  return made
}

function selectsPods(object: KubernetesObject): boolean {
  return Object.keys(serviceSelector(object)).length > 0
}

function serviceSelector(object: KubernetesObject): Readonly<Record<string, string>> {
  if (object.kind === 'Service') return selectorOf(object) ?? {}
  return object.kind === 'ServiceEntry' ? labelsAt(object, 'spec', 'workloadSelector', 'labels') : {}
}

/** A port whose `targetPort` is a name gets the Service's own number under that name. */
function containerPorts(owner: KubernetesObject): readonly unknown[] {
  return listAt(owner, 'spec', 'ports').map((port) => {
    const target = at(port, 'targetPort')
    const own = numberAt(port, 'port') ?? numberAt(port, 'number')
    return {
      containerPort: typeof target === 'number' ? target : own,
      ...(typeof target === 'string' ? { name: target } : {}),
    }
  })
}

interface Subset {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

function subsetsFor(owner: KubernetesObject, objects: readonly KubernetesObject[]): readonly Subset[] {
  return objects
    .filter((object) => object.kind === 'DestinationRule' && names(object, owner))
    .flatMap((rule) => listAt(rule, 'spec', 'subsets'))
    .flatMap((subset) => {
      const name = textAt(subset, 'name')
      return name === undefined ? [] : [{ name, labels: labelsAt(subset, 'labels') }]
    })
}

function names(rule: KubernetesObject, owner: KubernetesObject): boolean {
  const host = textAt(rule, 'spec', 'host') ?? ''
  if (owner.kind === 'ServiceEntry') return listAt(owner, 'spec', 'hosts').includes(host)
  const { name } = owner.metadata
  const namespace = namespaceOf(owner)
  const short = namespaceOf(rule) === namespace ? [name] : []
  return [
    ...short,
    `${name}.${namespace}`,
    `${name}.${namespace}.svc`,
    `${name}.${namespace}.svc.cluster.local`,
  ].includes(host)
}
