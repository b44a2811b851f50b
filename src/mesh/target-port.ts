import type { PodSpec } from '../istio/workload.ts'
import { type Diagnostic, error, warning } from '../krm/diagnostic.ts'
import { groupByEach } from '../krm/group.ts'
import { below, describe, type Place } from '../krm/object.ts'
import { enumerate } from './enumerate.ts'
import type { MeshPort } from './service.ts'
import { type AnyWorkload, type Labels, type PortsOfWorkloads, selected, type WorkloadIndex } from './workload-index.ts'

/** The container port that a service's port leads to, or why there is none to be named. */
export type TargetPort =
  | { readonly type: 'port'; readonly containerPort: number }
  | { readonly type: 'none'; readonly problem: Diagnostic }

/**
 * What istiod does for each pod (`FindPort`), once for all of them: a number is itself, a name is looked up in the
 * workloads that the selector selects. One filter serves them all, so they must agree.
 */
export function targetPort(port: MeshPort, selector: Labels, workloads: WorkloadIndex): TargetPort {
  const { service, targetPort: written } = port
  const behind = selected(workloads, service.namespace, selector)
  const place = written === undefined ? port.place : below(port.place, 'targetPort')
  if (typeof written !== 'string' && behind.every(({ kind }) => kind === 'pods'))
    return { type: 'port', containerPort: written ?? port.number }
  const question = JSON.stringify([service.namespace, selector, written, port.name, port.number])
  const found = workloads.ports.get(question) ?? groupByEach(behind, (workload) => portsOf(workload, port))
  workloads.ports.set(question, found)
  const [only, ...others] = found.keys()
  if (only !== undefined && others.length === 0) return { type: 'port', containerPort: only }
  const problem = only === undefined ? unresolved(port, behind, place) : differing(port, found, place)
  return { type: 'none', problem }
}

/** The port of one workload. A pod that lacks the named port is no endpoint of it; a machine may map it by name. */
function portsOf(workload: AnyWorkload, { name, number, targetPort: written }: MeshPort): readonly number[] {
  if (workload.kind === 'machine') {
    const mapped = workload.object.value.spec.ports?.[name]
    if (mapped !== undefined) return [mapped]
    return typeof written === 'string' ? [] : [written ?? number]
  }
  return typeof written === 'string' ? namedPorts(workload.object.value.spec, written) : [written ?? number]
}

/** Kubernetes looks a name up together with the protocol; init containers count if they keep running beside the pod. */
function namedPorts({ containers = [], initContainers = [] }: PodSpec, name: string): readonly number[] {
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')
  const ports = [...containers, ...sidecars].flatMap((container) => container.ports ?? [])
  return ports
    .filter((port) => port.name === name && (port.protocol ?? 'TCP') === 'TCP')
    .map(({ containerPort }) => containerPort)
}

function unresolved({ targetPort: written }: MeshPort, behind: readonly AnyWorkload[], place: Place): Diagnostic {
  const where =
    behind.length === 0
      ? 'the list holds no workload that the selector selects'
      : `${named(behind)} ${behind.length === 1 ? 'has' : 'have'} none`
  return error(
    place,
    `must be a number, or the name of a TCP container port of the workload, because inbound listeners are found by container port; "${written ?? ''}" is unknown: ${where}`,
    typeof written === 'string' ? { currentValue: written } : {},
  )
}

function differing(port: MeshPort, found: PortsOfWorkloads, place: Place): Diagnostic {
  const ports = [...found].sort(([a], [b]) => a - b).map(([number, all]) => `${number} in ${named(all)}`)
  return error(
    place,
    `must be one container port for all workloads of ${port.service.hostname}, because one filter serves them all; it is ${ports.join(' and ')}`,
    typeof port.targetPort === 'string' ? { currentValue: port.targetPort } : {},
  )
}

function named(workloads: readonly AnyWorkload[]): string {
  return enumerate(workloads, ({ object }) => describe(object.source.ref))
}

/** A selector that selects none of the namespace's workloads, where the list holds some: most likely a slip. */
export function selectsNothing(
  port: MeshPort,
  selector: Labels,
  selectorPlace: Place,
  workloads: WorkloadIndex,
): Diagnostic | undefined {
  const { namespace, hostname } = port.service
  if (!workloads.namespaces.has(namespace) || selected(workloads, namespace, selector).length > 0) return undefined
  const labels = Object.entries(selector).map(([name, value]) => `${name}=${value}`)
  return warning(
    selectorPlace,
    `should select a workload: no Deployment, StatefulSet, DaemonSet, Pod or WorkloadEntry of namespace ${namespace} in the list has the labels ${labels.join(', ')}, so ${hostname} has no endpoints here`,
  )
}
