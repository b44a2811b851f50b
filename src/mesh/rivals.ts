import { type Diagnostic, error } from '../krm/diagnostic.ts'
import { groupBy } from '../krm/group.ts'
import { describe } from '../krm/object.ts'
import { enumerate } from './enumerate.ts'
import type { Mesh } from './mesh.ts'
import { selects } from './selection.ts'
import { selectorOf } from './selector.ts'
import type { MeshPort, MeshService } from './service.ts'
import { targetPort } from './target-port.ts'
import { type Labels, selected } from './workload-index.ts'

/** A port, the pods that serve it and the container port they serve it at. */
export interface Endpoint {
  readonly port: MeshPort
  readonly labels: Labels
  readonly containerPort: number
}

export function endpointKey({ port, containerPort }: Endpoint): string {
  return `${port.service.namespace} ${containerPort}`
}

/** Ports of other protocols at the namespaces and container ports of ours, by the same key. */
export function rivalEndpoints(
  keys: ReadonlySet<string>,
  mesh: Mesh,
  protocol: string,
): ReadonlyMap<string, readonly Endpoint[]> {
  const endpoints = keys.size === 0 ? [] : mesh.services.flatMap((service) => foreignEndpoints(service, mesh, protocol))
  return groupBy(
    endpoints.filter((endpoint) => keys.has(endpointKey(endpoint))),
    endpointKey,
  )
}

function foreignEndpoints(service: MeshService, { workloads }: Mesh, protocol: string): readonly Endpoint[] {
  const selector = selectorOf(service)
  if (selector.type !== 'labels') return []
  const { labels } = selector
  return service.ports
    .filter((port) => port.istio !== 'udp' && !selects(protocol, port))
    .flatMap((port) => {
      const target = targetPort(port, labels, workloads)
      return target.type === 'none' ? [] : [{ port, labels, containerPort: target.containerPort }]
    })
}

/** Whether two selectors share pods: one asks for all that the other asks for, or both select a workload of the list. */
export function samePods(a: Endpoint, b: Endpoint, { workloads }: Mesh): boolean {
  if (includes(a.labels, b.labels) || includes(b.labels, a.labels)) return true
  const { namespace } = a.port.service
  const others = new Set(selected(workloads, namespace, b.labels))
  return selected(workloads, namespace, a.labels).some((workload) => others.has(workload))
}

function includes(outer: Labels, inner: Labels): boolean {
  return Object.entries(inner).every(([name, value]) => outer[name] === value)
}

/** Of two services on one port of the same pods, istiod lets the first decide the protocol. */
export function contested(
  { port, containerPort }: Endpoint,
  rivals: readonly Endpoint[],
  protocol: string,
): Diagnostic {
  const names = enumerate(
    rivals,
    ({ port: other }) => `${describe(other.service.source.ref)} (port "${other.name}", ${other.number})`,
  )
  return error(
    port.place,
    `must be the only protocol at container port ${containerPort} of its pods: ${names} leads to the same port of the same pods and is not ${protocol}, and Istio lets the first decide`,
    { currentValue: port.number },
  )
}
