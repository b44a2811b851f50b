import { compare } from '../../../src/krm/compare.ts'
import type { KubernetesObject } from '../../../src/krm/object.ts'
import { canonical, labelsAt, listAt, textAt } from '../json.ts'

/**
 * Labels that filters ask of clients' pods, each set once. Those of this project alone: its functions say which labels are to be
 * written, and the pods that bear them are seldom in the same manifests. Anybody else's selector must find a pod that is there.
 */
export function requiredLabels(filters: readonly KubernetesObject[]): readonly Readonly<Record<string, string>>[] {
  const found = new Map<string, Readonly<Record<string, string>>>()
  for (const filter of filters) {
    const labels = labelsAt(filter, 'spec', 'workloadSelector', 'labels')
    const isOurs = filter.metadata.labels?.['app.kubernetes.io/managed-by'] === 'meltemi'
    if (isOurs && isForClients(filter) && Object.keys(labels).length > 0) found.set(canonical(labels), labels)
  }
  return [...found.entries()].sort(([a], [b]) => compare(a, b)).map(([, labels]) => labels)
}

function isForClients(filter: KubernetesObject): boolean {
  return listAt(filter, 'spec', 'configPatches').some(
    (patch) => textAt(patch, 'match', 'context') === 'SIDECAR_OUTBOUND',
  )
}
