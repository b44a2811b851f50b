import { compare } from '../krm/compare.ts'
import { type Diagnostic, type Diagnostics, error, warning } from '../krm/diagnostic.ts'
import { describe } from '../krm/object.ts'
import type { BoundPort } from './client-listeners.ts'
import type { InboundListener, L7Port } from './l7-port.ts'
import type { Mesh } from './mesh.ts'
import { selects } from './selection.ts'
import { selectorOf } from './selector.ts'
import type { MeshPort } from './service.ts'
import { inboundCluster } from './subset-key.ts'
import { selectsNothing, targetPort } from './target-port.ts'
import { type Labels, selected } from './workload-index.ts'

export interface Inbound {
  readonly listeners: readonly InboundListener[]
  /** Worth saying whether or not anybody wants inbound filters. */
  readonly warnings: Diagnostics
  /** Why ports have no inbound listener. */
  readonly diagnostics: Diagnostics
}

/** A port, the pods that serve it and the container port they serve it at. */
interface Endpoint {
  readonly port: MeshPort
  readonly labels: Labels
  readonly containerPort: number
}

/** One listener for each namespace, selector and container port, with every port of the protocol that ends there. */
export function inboundListeners(bound: readonly BoundPort[], mesh: Mesh, protocol: string): Inbound {
  const warnings: Diagnostic[] = []
  const diagnostics: Diagnostic[] = []
  const groups = new Map<string, { readonly endpoint: Endpoint; readonly ports: [L7Port, ...L7Port[]] }>()
  const strangers = foreignEndpoints(bound, mesh, protocol)
  for (const { port, l7 } of bound) {
    const selector = selectorOf(port.service)
    if (selector.type === 'malformed') diagnostics.push(selector.problem)
    if (selector.type === 'none') diagnostics.push(noSelector(port))
    if (selector.type !== 'labels') continue
    const nothing = selectsNothing(port, selector.labels, selector.place, mesh.workloads)
    if (nothing !== undefined) warnings.push(nothing)
    const target = targetPort(port, selector.labels, mesh.workloads)
    if (target.type === 'none') {
      diagnostics.push(target.problem)
      continue
    }
    const endpoint: Endpoint = { port, labels: selector.labels, containerPort: target.containerPort }
    const rivals = (strangers.get(endpointKey(endpoint)) ?? []).filter((other) => samePods(endpoint, other, mesh))
    if (rivals.length > 0) {
      diagnostics.push(contested(endpoint, rivals, protocol))
      continue
    }
    const key = listenerKey(endpoint)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { endpoint, ports: [l7] })
    else group.ports.push(l7)
  }
  const listeners = [...groups]
    .sort(([a], [b]) => compare(a, b))
    .map(([, { endpoint, ports }]): InboundListener => {
      const { port, labels, containerPort } = endpoint
      const { namespace } = port.service
      return { namespace, selector: sorted(labels), containerPort, cluster: inboundCluster(containerPort), ports }
    })
  return { listeners: listeners.sort(byLeadPort), warnings: onceEach(warnings), diagnostics: onceEach(diagnostics) }
}

/** Ports of other protocols in the namespaces of ours, by namespace and container port. */
function foreignEndpoints(
  bound: readonly BoundPort[],
  mesh: Mesh,
  protocol: string,
): ReadonlyMap<string, readonly Endpoint[]> {
  const namespaces = new Set(bound.map(({ port }) => port.service.namespace))
  const found = new Map<string, Endpoint[]>()
  for (const service of mesh.services) {
    const selector = namespaces.has(service.namespace) ? selectorOf(service) : undefined
    if (selector?.type !== 'labels') continue
    for (const port of service.ports) {
      if (port.istio === 'udp' || selects(protocol, port)) continue
      const target = targetPort(port, selector.labels, mesh.workloads)
      if (target.type === 'none') continue
      const endpoint: Endpoint = { port, labels: selector.labels, containerPort: target.containerPort }
      const key = endpointKey(endpoint)
      found.set(key, [...(found.get(key) ?? []), endpoint])
    }
  }
  return found
}

/** Whether two selectors share pods: one asks for all that the other asks for, or both select a workload of the list. */
function samePods(a: Endpoint, b: Endpoint, { workloads }: Mesh): boolean {
  if (includes(a.labels, b.labels) || includes(b.labels, a.labels)) return true
  const { namespace } = a.port.service
  const others = new Set(selected(workloads, namespace, b.labels))
  return selected(workloads, namespace, a.labels).some((workload) => others.has(workload))
}

function includes(outer: Labels, inner: Labels): boolean {
  return Object.entries(inner).every(([name, value]) => outer[name] === value)
}

function noSelector({ service, place }: MeshPort): Diagnostic {
  const field = service.kind === 'Service' ? '`spec.selector`' : '`spec.workloadSelector`'
  return warning(
    place,
    `has no inbound filter: ${service.hostname} has no ${field}, so nothing says which pods serve it`,
  )
}

/** Of two services on one port of the same pods, istiod lets the first decide the protocol. */
function contested({ port, containerPort }: Endpoint, rivals: readonly Endpoint[], protocol: string): Diagnostic {
  const names = rivals.map(
    ({ port: other }) => `${describe(other.service.source.ref)} (port "${other.name}", ${other.number})`,
  )
  return error(
    port.place,
    `must be the only protocol at container port ${containerPort} of its pods: ${names.join(', ')} leads to the same port of the same pods and is not ${protocol}, and Istio lets the first decide`,
    { currentValue: port.number },
  )
}

function endpointKey({ port, containerPort }: Endpoint): string {
  return `${port.service.namespace} ${containerPort}`
}

function listenerKey({ port, labels, containerPort }: Endpoint): string {
  return JSON.stringify([port.service.namespace, Object.entries(sorted(labels)), containerPort])
}

function sorted(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => compare(a, b)))
}

function byLeadPort(a: InboundListener, b: InboundListener): number {
  return compare(a.ports[0].hostname, b.ports[0].hostname) || a.ports[0].number - b.ports[0].number
}

/** A service with several ports has its selector's faults once. */
function onceEach(diagnostics: Diagnostics): Diagnostics {
  const seen = new Map(
    diagnostics.map((diagnostic) => [
      `${diagnostic.place?.source.item} ${diagnostic.place?.path} ${diagnostic.message}`,
      diagnostic,
    ]),
  )
  return [...seen.values()]
}
