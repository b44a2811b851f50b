import type { KubernetesObject } from '../../../src/krm/object.ts'
import { labelsAt, listAt, numberAt, stringsAt, textAt } from '../json.ts'
import { namespaceOf, podLabels, selects } from './manifest.ts'
import { podAddress } from './pods.ts'
import { containerPort, selectorOf, virtualAddresses } from './services.ts'

/**
 * A port that a repository asks a protocol for, by its name (`tcp-dubbo`), with everything that may change for it. Found
 * here by a rule of its own, so that a fault of the function under test is not believed.
 */
export interface AskedPort {
  /** The Service or ServiceEntry. */
  readonly owner: KubernetesObject
  readonly host: string
  readonly number: number
  /** Names of the listeners that istiod builds for it on clients. */
  readonly listeners: readonly string[]
  /** Address and port of each container behind it. */
  readonly containers: readonly { readonly address: string; readonly port: number }[]
}

/** Ports that say the protocol by `appProtocol` or else by name: `tcp-<protocol>` or `<protocol>`, alone or with a suffix. */
export function askedPorts(
  protocol: string,
  objects: readonly KubernetesObject[],
  pods: readonly KubernetesObject[],
): readonly AskedPort[] {
  return objects.flatMap((owner) => {
    const ports = listAt(owner, 'spec', 'ports').filter((port) => isOf(protocol, port))
    if (owner.kind === 'Service') return ports.flatMap((port) => ofService(owner, port, pods))
    if (owner.kind === 'ServiceEntry') return ports.flatMap((port) => ofServiceEntry(owner, port, pods))
    return []
  })
}

function isOf(protocol: string, port: unknown): boolean {
  const app = textAt(port, 'appProtocol') ?? 'tcp'
  const said = app.toLowerCase() === 'tcp' ? (textAt(port, 'name') ?? '') : app
  return new RegExp(`^(tcp-)?${protocol}(-|$)`, 'i').test(said)
}

function ofService(service: KubernetesObject, port: unknown, pods: readonly KubernetesObject[]): readonly AskedPort[] {
  const number = numberAt(port, 'port')
  if (number === undefined) return []
  const behind = selected(selectorOf(service), namespaceOf(service), pods)
  const containers = behind.flatMap((pod) => {
    const inside = containerPort(port, pod)
    return inside === undefined ? [] : [{ address: podAddress(pod), port: inside }]
  })
  const addresses = virtualAddresses(service)
  // A headless Service has a listener for each pod instead, and its port is the container's (observed on istiod 1.31).
  const listeners =
    addresses.length > 0
      ? addresses.map((address) => `${address}_${number}`)
      : containers.map((container) => `${container.address}_${container.port}`)
  const host = `${service.metadata.name}.${namespaceOf(service)}.svc.cluster.local`
  return [{ owner: service, host, number, listeners, containers }]
}

function ofServiceEntry(
  entry: KubernetesObject,
  port: unknown,
  pods: readonly KubernetesObject[],
): readonly AskedPort[] {
  const number = numberAt(port, 'number')
  if (number === undefined) return []
  const target = numberAt(port, 'targetPort') ?? number
  const selector = labelsAt(entry, 'spec', 'workloadSelector', 'labels')
  const behind = Object.keys(selector).length === 0 ? [] : selected(selector, namespaceOf(entry), pods)
  const containers = behind.map((pod) => ({ address: podAddress(pod), port: target }))
  const addresses = stringsAt(entry, 'spec', 'addresses').map((address) => address.replace(/\/32$/, ''))
  const listeners = (addresses.length > 0 ? addresses : ['0.0.0.0']).map((address) => `${address}_${number}`)
  return stringsAt(entry, 'spec', 'hosts').map((host) => ({ owner: entry, host, number, listeners, containers }))
}

function selected(
  selector: Readonly<Record<string, string>> | undefined,
  namespace: string,
  pods: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  if (selector === undefined) return []
  return pods.filter((pod) => namespaceOf(pod) === namespace && selects(selector, podLabels(pod)))
}
