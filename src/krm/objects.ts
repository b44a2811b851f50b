import { brokenText, checkObject } from './check-object.ts'
import { type Diagnostic, error } from './diagnostic.ts'
import type { ReadItem } from './item.ts'
import { at, describe, identity, type KubernetesObject, type ObjectRef, type Sourced } from './object.ts'
import { chain, collect, diagnosticsOf, fail, map, type Outcome, remark, resultOf } from './outcome.ts'
import { type Item, isFunctionConfig, type ResourceList, sourceOf, whereIs } from './resource-list.ts'

/** Says which kinds of object the function reads; the others are copied and never parsed. */
export type Reads = (type: { readonly apiVersion: string; readonly kind: string }) => boolean

/** The list with the items of the kinds that are read as objects. Errors: what is wrong with any item. */
export function withObjects(
  list: Omit<ResourceList, 'objects' | 'readMore'>,
  items: readonly ReadItem[],
  reads: Reads,
): Outcome<ResourceList> {
  const diagnostics = items.filter((item) => !isNamed(item.ref) && !isKustomization(item)).map(unnamed)
  const readable = items.filter((item) => isNamed(item.ref) && !isFunctionConfig(list, item))
  const readMore = (wanted: (ref: ObjectRef) => boolean) => readObjects(readable, wanted)
  return chain(readMore(reads), (objects) => remark({ ...list, objects, readMore }, diagnostics))
}

function readObjects(
  readable: readonly ReadItem[],
  wanted: (ref: ObjectRef) => boolean,
): Outcome<readonly Sourced<KubernetesObject>[]> {
  const named = new Map<string, [ReadItem, ...ReadItem[]]>()
  for (const item of readable) {
    if (!wanted(item.ref)) continue
    const key = identity(item.ref)
    const twins = named.get(key)
    if (twins === undefined) named.set(key, [item])
    else twins.push(item)
  }
  const objects: Sourced<KubernetesObject>[] = []
  const diagnostics: Diagnostic[] = []
  for (const twins of named.values()) {
    const [first, ...others] = twins
    for (const other of others) diagnostics.push(duplicate(first, other))
    const sound = collect(twins, readObject)
    for (const diagnostic of diagnosticsOf(sound)) diagnostics.push(diagnostic)
    const [object] = resultOf(sound) ?? []
    if (object === undefined) continue
    const again = twins.filter(({ index }) => index !== object.source.item).map(sourceOf)
    objects.push(again.length === 0 ? object : { ...object, again })
  }
  return remark(objects, diagnostics)
}

function readObject(item: ReadItem): Outcome<Sourced<KubernetesObject>> {
  const source = sourceOf(item)
  const parsed = item.parse()
  if (!parsed.ok) return fail([brokenText(source, parsed.reason, parsed.line)])
  return map(checkObject(parsed.value, source), (value) => ({ value, source }))
}

function duplicate(first: Item, second: Item): Diagnostic {
  const places = `${whereIs(first)} and ${whereIs(second)}`
  return error(
    at(sourceOf(second), 'metadata.name'),
    `${describe(second.ref)} must stand in the list once, but it is in ${places}: keep one of them`,
  )
}

function unnamed(item: ReadItem): Diagnostic {
  const parsed = item.parse()
  if (!parsed.ok)
    return error(undefined, `${whereIs(item)} is not YAML: line ${parsed.line + 1} of the list: ${parsed.reason}`)
  const { apiVersion, kind, name } = item.ref
  const lacking = [
    ...(apiVersion === '' ? ['`apiVersion`'] : []),
    ...(kind === '' ? ['`kind`'] : []),
    ...(name === '' ? ['`metadata.name`'] : []),
  ]
  const what = kind === '' ? 'an object' : `a ${kind}`
  return error(undefined, `${whereIs(item)}: ${what} must have ${lacking.join(' and ')}, a string that is not empty`)
}

export function isNamed({ apiVersion, kind, name }: ObjectRef): boolean {
  return apiVersion !== '' && kind !== '' && name !== ''
}

/** A kustomization needs neither kind nor name; kustomize knows it by its file. */
function isKustomization({ ref, file }: Item): boolean {
  return (
    ref.kind === 'Kustomization' ||
    ref.kind === 'Component' ||
    /(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(file?.path ?? '')
  )
}
