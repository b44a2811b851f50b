import { reads, type TypeOfObject } from '../istio/decode.ts'
import type { OwnKind, Protocol } from './protocol.ts'

/** Which objects a protocol's function parses: those of the mesh, its own kinds, and EnvoyFilters, to know its own. */
export function readsOf<Config>({ kinds = [] }: Protocol<Config>): (type: TypeOfObject) => boolean {
  return (type) => reads(type) || type.kind === 'EnvoyFilter' || kinds.some((kind) => isOfKind(type, kind))
}

/** Whether an object is of a kind, in whatever version; the core group is `''`. */
export function isOfKind({ apiVersion, kind }: TypeOfObject, own: OwnKind): boolean {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  return kind === own.kind && group === own.group
}
