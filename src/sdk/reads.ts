import { reads, type TypeOfObject } from '../istio/decode.ts'
import { type Diagnostics, warning } from '../krm/diagnostic.ts'
import { at, groupOf } from '../krm/object.ts'
import { type ResourceList, sourceOf } from '../krm/resource-list.ts'
import type { OwnKind, Protocol } from './protocol.ts'

/**
 * Which objects a protocol's function reads: those of the mesh, and its own kinds. EnvoyFilters are none of them: ours are
 * replaced whatever they hold and however often they are there (a package and its subpackage may both be rendered), and
 * what is wrong with others is nobody's business here.
 */
export function readsOf<Config>({ kinds = [] }: Protocol<Config>): (type: TypeOfObject) => boolean {
  return (type) => reads(type) || kinds.some((kind) => isOfKind(type, kind))
}

/** Whether an object is of a kind, in whatever version; the core group is `''`. */
export function isOfKind({ apiVersion, kind }: TypeOfObject, own: OwnKind): boolean {
  return kind === own.kind && groupOf(apiVersion) === own.group
}

/** Whether an object whose `apiVersion` or `kind` is missing may be meant as one of a kind. */
export function mayBeOfKind({ apiVersion, kind }: TypeOfObject, own: OwnKind): boolean {
  if (apiVersion === '') return kind === own.kind
  return kind === '' ? own.group !== '' && groupOf(apiVersion) === own.group : isOfKind({ apiVersion, kind }, own)
}

/** Objects of an own kind's name in another group: most likely a slip in `apiVersion`, after which nobody reads them. */
export function strangers<Config>({ items }: ResourceList, { name, kinds = [] }: Protocol<Config>): Diagnostics {
  return items.flatMap((item) => {
    const own = kinds.find(({ kind }) => kind === item.ref.kind)
    if (own === undefined || isOfKind(item.ref, own)) return []
    const version = own.group === '' ? 'v1' : `${own.group}/…`
    const message = `is not read by ${name}, which reads a ${own.kind} of \`apiVersion: ${version}\`, not of \`${item.ref.apiVersion}\``
    return [warning(at(sourceOf(item), 'apiVersion'), message, { currentValue: item.ref.apiVersion })]
  })
}
