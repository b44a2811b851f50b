import { compare } from '../krm/compare.ts'
import { type Diagnostic, type Diagnostics, warning } from '../krm/diagnostic.ts'
import { groupBy } from '../krm/group.ts'
import type { BoundPort } from './client-listeners.ts'
import { inboundCluster } from './cluster-name.ts'
import type { InboundListener, L7Port } from './l7-port.ts'
import type { Mesh } from './mesh.ts'
import { contested, type Endpoint, endpointKey, rivalEndpoints, samePods } from './rivals.ts'
import { selectorOf } from './selector.ts'
import type { MeshPort } from './service.ts'
import { selectsNothing, targetPort } from './target-port.ts'
import type { Labels } from './workload-index.ts'

export interface Inbound {
  readonly listeners: readonly InboundListener[]
  /** Worth saying whether or not anybody wants inbound filters. */
  readonly warnings: Diagnostics
  /** Why ports have no inbound listener. */
  readonly diagnostics: Diagnostics
}

/** One listener for each namespace, selector and container port, with every port of the protocol that ends there. */
export function inboundListeners(bound: readonly BoundPort[], mesh: Mesh, protocol: string): Inbound {
  const { ends, warnings, diagnostics } = endsOf(bound, mesh)
  const rivals = rivalEndpoints(new Set(ends.map(({ endpoint }) => endpointKey(endpoint))), mesh, protocol)
  const problems: Diagnostic[] = [...diagnostics]
  const uncontested = ends.filter(({ endpoint }) => {
    const met = (rivals.get(endpointKey(endpoint)) ?? []).filter((other) => samePods(endpoint, other, mesh))
    if (met.length > 0) problems.push(contested(endpoint, met, protocol))
    return met.length === 0
  })
  const groups = groupBy(uncontested, ({ endpoint }) => listenerKey(endpoint))
  const listeners = [...groups.values()].flatMap((group) => listenerOf(group))
  return { listeners: listeners.sort(byLeadPort), warnings: onceEach(warnings), diagnostics: onceEach(problems) }
}

/** A port and where it ends. */
interface End {
  readonly endpoint: Endpoint
  readonly l7: L7Port
}

interface Ends {
  readonly ends: readonly End[]
  readonly warnings: Diagnostics
  readonly diagnostics: Diagnostics
}

function endsOf(bound: readonly BoundPort[], { workloads }: Mesh): Ends {
  const ends: End[] = []
  const warnings: Diagnostic[] = []
  const diagnostics: Diagnostic[] = []
  for (const { port, l7 } of bound) {
    const selector = selectorOf(port.service)
    if (selector.type === 'malformed') diagnostics.push(selector.problem)
    if (selector.type === 'none') diagnostics.push(noSelector(port))
    if (selector.type !== 'labels') continue
    const { labels, place } = selector
    const nothing = selectsNothing(port, labels, place, workloads)
    if (nothing !== undefined) warnings.push(nothing)
    const target = targetPort(port, labels, workloads)
    if (target.type === 'none') diagnostics.push(target.problem)
    else ends.push({ endpoint: { port, labels, containerPort: target.containerPort }, l7 })
  }
  return { ends, warnings, diagnostics }
}

function listenerOf(group: readonly End[]): readonly InboundListener[] {
  const [first, ...rest] = group
  if (first === undefined) return []
  const { port, labels, containerPort } = first.endpoint
  const { namespace } = port.service
  const cluster = inboundCluster(containerPort)
  // Which of several ports decides is istiod's choice: one that is sniffed may.
  const isSniffed = group.some(({ endpoint }) => endpoint.port.istio === 'sniffed')
  const ports: InboundListener['ports'] = [first.l7, ...rest.map(({ l7 }) => l7)]
  return [{ namespace, selector: sorted(labels), containerPort, cluster, isSniffed, ports }]
}

function noSelector({ service, place }: MeshPort): Diagnostic {
  const field = service.kind === 'Service' ? '`spec.selector`' : '`spec.workloadSelector`'
  return warning(
    place,
    `has no inbound filter: ${service.hostname} has no ${field}, so nothing says which pods serve it`,
  )
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
