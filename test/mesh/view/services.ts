import type { KubernetesObject } from '../../../src/krm/object.ts'
import { at, labelsAt, listAt, numberAt, objectAt, stringsAt, textAt } from '../json.ts'
import { namespaceOf } from './manifest.ts'

/** A Service as an API server would store it: ports defaulted, an address allocated. */
export function storedService(service: KubernetesObject, allocate: () => string): KubernetesObject {
  const type = textAt(service, 'spec', 'type')
  const given = textAt(service, 'spec', 'clusterIP') ?? stringsAt(service, 'spec', 'clusterIPs')[0]
  const clusterIP = type === 'ExternalName' ? undefined : (given ?? allocate())
  return {
    ...service,
    metadata: { ...service.metadata, namespace: namespaceOf(service) },
    spec: {
      ...objectAt(service, 'spec'),
      ...(clusterIP === undefined ? {} : { clusterIP, clusterIPs: addresses(service, clusterIP) }),
      ports: listAt(service, 'spec', 'ports').map(storedPort),
    },
  }
}

function addresses(service: KubernetesObject, clusterIP: string): readonly string[] {
  const several = stringsAt(service, 'spec', 'clusterIPs')
  return several.length > 0 ? several : [clusterIP]
}

function storedPort(port: unknown): object {
  return { protocol: 'TCP', targetPort: at(port, 'port'), ...objectAt([port], 0) }
}

/** The addresses that clients dial; a headless Service has none. */
export function virtualAddresses(service: KubernetesObject): readonly string[] {
  return stringsAt(service, 'spec', 'clusterIPs').filter((address) => address !== 'None')
}

/** The port of the pod behind a Service's port: a name is looked up among the containers' ports, as istiod does. */
export function containerPort(port: unknown, pod: KubernetesObject): number | undefined {
  const target = at(port, 'targetPort')
  if (typeof target === 'number') return target
  const ports = listAt(pod, 'spec', 'containers').flatMap((container) => listAt(container, 'ports'))
  return numberAt(
    ports.find((candidate) => textAt(candidate, 'name') === target && protocolOf(candidate) === protocolOf(port)),
    'containerPort',
  )
}

function protocolOf(port: unknown): string {
  return textAt(port, 'protocol') ?? 'TCP'
}

export function selectorOf(service: KubernetesObject): Readonly<Record<string, string>> | undefined {
  const selector = labelsAt(service, 'spec', 'selector')
  return Object.keys(selector).length === 0 ? undefined : selector
}
