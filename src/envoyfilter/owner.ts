import type { KubernetesObject } from '../krm/object.ts'

/** Labels by which a function finds its own outputs again; hosts prune nothing that a function does not drop itself. */
const MANAGED_BY = 'app.kubernetes.io/managed-by'
const MANAGER = 'meltemi'
const PROTOCOL_LABEL = 'meltemi.dev/protocol'
const FORMAT_LABEL = 'meltemi.dev/format'
export const SOURCE_ANNOTATION = 'meltemi.dev/source'

/** Raised when what is emitted for the same input changes shape; outputs of every format are recognised as ours. */
const FORMAT = 'v1'

export function ownerLabels(protocol: string): Readonly<Record<string, string>> {
  return { [MANAGED_BY]: MANAGER, [PROTOCOL_LABEL]: protocol, [FORMAT_LABEL]: FORMAT }
}

/** Whether an object is an earlier output of this protocol's function, of whatever format version. */
export function isOwnedBy(protocol: string, object: KubernetesObject): boolean {
  const labels = object.metadata.labels
  return object.kind === 'EnvoyFilter' && labels?.[MANAGED_BY] === MANAGER && labels[PROTOCOL_LABEL] === protocol
}
