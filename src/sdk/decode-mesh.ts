import { aboutUnread, isAutoscaler, unreadAutoscaler } from '../istio/autoscaler.ts'
import { decode, type Inputs, isWorkload } from '../istio/decode.ts'
import { namespaceOf } from '../istio/metadata.ts'
import type { Diagnostic } from '../krm/diagnostic.ts'
import type { ObjectRef, Source } from '../krm/object.ts'
import { chain, diagnosticsOf, map, type Outcome, remark, resultOf } from '../krm/outcome.ts'
import type { ResourceList } from '../krm/resource-list.ts'
import { namespacesOf } from '../mesh/selection.ts'
import type { Protocol } from './protocol.ts'

/**
 * Workloads and what scales them are read where the protocol has services: of all objects there are most of them, and their
 * parsing is the cost.
 */
export function decodeMesh<Config>(list: ResourceList, { name }: Pick<Protocol<Config>, 'name'>): Outcome<Inputs> {
  return chain(decode(list.objects), (inputs) => {
    const namespaces = namespacesOf(name, inputs)
    const isWanted = (ref: ObjectRef) => (isWorkload(ref) || isAutoscaler(ref)) && namespaces.has(namespaceOf(ref))
    const found = list.readMore(isWanted)
    const said = diagnosticsOf(found)
    const decoded = map(decode(resultOf(found) ?? []), ({ workloads, autoscalers }) => ({
      ...inputs,
      workloads,
      autoscalers: [...autoscalers, ...unread(list, said).map(unreadAutoscaler)],
    }))
    return chain(remark(undefined, said.map(softened)), () => decoded)
  })
}

/** Autoscalers in error: no YAML, refused metadata, twice in the list; those without a name are refused before anybody wants them. */
function unread({ refused }: ResourceList, said: readonly Diagnostic[]): readonly Source[] {
  const sources = said.flatMap(({ place }) => (place === undefined ? [] : [place.source]))
  return [...sources, ...refused.map(({ source }) => source)].filter(({ ref }) => isAutoscaler(ref))
}

/** Nothing is written of an autoscaler, so what is wrong with one is no reason to fail. */
function softened(diagnostic: Diagnostic): Diagnostic {
  const ref = diagnostic.place?.source.ref
  return ref !== undefined && isAutoscaler(ref) ? aboutUnread(diagnostic) : diagnostic
}
