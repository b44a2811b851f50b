import type { Configs, KptFunc, Result as KptResult } from 'kpt-functions'
import type { KubernetesObject } from './krm/object.ts'
import { type Result, toResults } from './krm/results.ts'
import { listOfValues } from './krm/value-list.ts'
import { answer } from './sdk/answer.ts'
import type { Protocol } from './sdk/protocol.ts'
import { readsOf } from './sdk/reads.ts'
import { usage } from './sdk/usage.ts'

/**
 * A protocol as a function of the npm package `kpt-functions`, for people who compose theirs with that SDK: the objects
 * they have stay as they are (the same references), EnvoyFilters are added, this function's stale ones are deleted, and
 * results are added, errors included; whoever runs it decides what they mean.
 *
 * That SDK's own reader and writer lose data (a second object of the same name, comments, the order of items), which
 * nothing here can undo: run functions by `run` of this package where you can. Only types are imported from it, since
 * importing it replaces the global `console`.
 */
export function asKptFunc(protocol: Protocol): KptFunc {
  return Object.assign((configs: Configs) => renderInto(configs, protocol), { usage: usage(protocol) })
}

async function renderInto(configs: Configs, protocol: Protocol): Promise<void> {
  const objects = configs.getAll()
  const list = listOfValues(objects, configs.getFunctionConfig(), readsOf(protocol))
  const { rendering, diagnostics } = await answer(list, protocol)
  if (rendering !== undefined) {
    const { dropped, added } = rendering.change
    configs.delete(...objects.filter((_, index) => dropped.has(index)))
    configs.insert(...added.map(toKptObject))
  }
  configs.addResults(...toResults(diagnostics).map(toKptResult))
}

/** That SDK's types want maps that may be written to. */
function toKptObject({ apiVersion, kind, metadata, ...fields }: KubernetesObject) {
  const { name, namespace, labels, annotations } = metadata
  const own = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels: { ...labels } }),
    ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
  }
  return { apiVersion, kind, metadata: own, ...fields }
}

/** That SDK says `warn` and `suggestedValue` where the specification says `warning` and `proposedValue`, and wants a namespace. */
function toKptResult({ message, severity, resourceRef, field, file }: Result): KptResult {
  const { proposedValue, ...rest } = field ?? { path: '' }
  return {
    message,
    severity: severity === 'warning' ? 'warn' : severity,
    ...(resourceRef === undefined ? {} : { resourceRef: { ...resourceRef, namespace: resourceRef.namespace ?? '' } }),
    ...(field === undefined
      ? {}
      : { field: { ...rest, ...(proposedValue === undefined ? {} : { suggestedValue: proposedValue }) } }),
    ...(file === undefined ? {} : { file: { path: file.path, index: file.index } }),
  }
}
