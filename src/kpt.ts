import type { Configs, KptFunc, Result as KptResult } from 'kpt-functions'
import { headerOf } from './krm/header.ts'
import type { ReadItem } from './krm/item.ts'
import type { Layout } from './krm/layout.ts'
import type { KubernetesObject } from './krm/object.ts'
import { withObjects } from './krm/objects.ts'
import { diagnosticsOf, fail, type Outcome, resultOf, say } from './krm/outcome.ts'
import type { ResourceList } from './krm/resource-list.ts'
import { type Result, toResults } from './krm/results.ts'
import { type Rendering, render } from './sdk/pipeline.ts'
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
  const list = listOf(objects, configs.getFunctionConfig(), protocol)
  const rendering = await renderIfRead(list, protocol)
  const change = resultOf(rendering)?.change
  if (change !== undefined) {
    configs.delete(...objects.filter((_, index) => change.dropped.has(index)))
    configs.insert(...change.added.map(toKptObject))
  }
  configs.addResults(...toResults(diagnosticsOf(rendering)).map(toKptResult))
}

async function renderIfRead(list: Outcome<ResourceList>, protocol: Protocol): Promise<Outcome<Rendering>> {
  const value = resultOf(list)
  return value === undefined ? fail(diagnosticsOf(list)) : say(await render(value, protocol), diagnosticsOf(list))
}

const NO_TEXT: Layout = { text: '', root: { style: 'flow', brackets: { start: 0, end: 0 }, entries: [] } }

/** Objects that were never text: there is nothing to parse and no layout to keep. */
function listOf(objects: readonly unknown[], functionConfig: unknown, protocol: Protocol): Outcome<ResourceList> {
  const items = objects.map(item)
  const config = functionConfig === undefined ? {} : { functionConfig: item(functionConfig, -1) }
  return withObjects({ items, layout: NO_TEXT, ...config }, items, readsOf(protocol))
}

function item(value: unknown, index: number): ReadItem {
  return { index, ...headerOf(value), value: () => value, parse: () => ({ ok: true, value }) }
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
