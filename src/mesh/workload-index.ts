import type { Inputs } from '../istio/decode.ts'
import { namespaceOf } from '../istio/metadata.ts'
import type { Workload, WorkloadEntry } from '../istio/workload.ts'
import { groupByEach } from '../krm/group.ts'
import type { Sourced } from '../krm/object.ts'

export type Labels = Readonly<Record<string, string>>

/** Pods, by the controller that makes them, and machines outside Kubernetes. */
export type AnyWorkload =
  | { readonly kind: 'pods'; readonly labels: Labels; readonly namespace: string; readonly object: Sourced<Workload> }
  | {
      readonly kind: 'machine'
      readonly labels: Labels
      readonly namespace: string
      readonly object: Sourced<WorkloadEntry>
    }

/** Workloads by namespace and label, so that a selector looks at few of them. */
export interface WorkloadIndex {
  readonly namespaces: ReadonlySet<string>
  readonly byLabel: ReadonlyMap<string, readonly AnyWorkload[]>
  /** Answers that were given: ports of one service, and often services, ask for the same pods and ports. */
  readonly answers: Map<string, readonly AnyWorkload[]>
  readonly ports: Map<string, PortsOfWorkloads>
}

/** Workloads by the container port that they have under a name. */
export type PortsOfWorkloads = ReadonlyMap<number, readonly AnyWorkload[]>

export function indexWorkloads({ workloads, workloadEntries }: Inputs): WorkloadIndex {
  const every: readonly AnyWorkload[] = [
    ...workloads.map((object): AnyWorkload => {
      return { kind: 'pods', labels: object.value.labels, namespace: namespaceOf(object.value.metadata), object }
    }),
    ...workloadEntries.map((object): AnyWorkload => {
      return {
        kind: 'machine',
        labels: object.value.spec.labels ?? {},
        namespace: namespaceOf(object.value.metadata),
        object,
      }
    }),
  ]
  const byLabel = groupByEach(every, ({ namespace, labels }) =>
    Object.entries(labels).map(([name, value]) => labelKey(namespace, name, value)),
  )
  return { namespaces: new Set(every.map(({ namespace }) => namespace)), byLabel, answers: new Map(), ports: new Map() }
}

/** The workloads that a selector selects: in the namespace, with all of its labels. An empty selector selects none. */
export function selected(index: WorkloadIndex, namespace: string, selector: Labels): readonly AnyWorkload[] {
  const question = JSON.stringify([namespace, selector])
  const known = index.answers.get(question)
  if (known !== undefined) return known
  const answer = select(index, namespace, selector)
  index.answers.set(question, answer)
  return answer
}

function select(index: WorkloadIndex, namespace: string, selector: Labels): readonly AnyWorkload[] {
  const labels = Object.entries(selector)
  const lists = labels.map(([name, value]) => index.byLabel.get(labelKey(namespace, name, value)) ?? [])
  const shortest = lists.reduce((a, b) => (b.length < a.length ? b : a), lists.at(0) ?? [])
  return shortest.filter((workload) => labels.every(([name, value]) => workload.labels[name] === value))
}

function labelKey(namespace: string, name: string, value: string): string {
  return `${namespace}/${name}=${value}`
}
