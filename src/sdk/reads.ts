import { reads, type TypeOfObject } from '../istio/decode.ts'
import { groupOf } from '../krm/object.ts'
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
