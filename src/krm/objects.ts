import { brokenText, checkObject } from './check-object.ts'
import { type Diagnostic, error } from './diagnostic.ts'
import type { ReadItem } from './item.ts'
import { at, describe, identity, type KubernetesObject, type ObjectRef, type Sourced } from './object.ts'
import { chain, diagnosticsOf, fail, type Outcome, remark, resultOf } from './outcome.ts'
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
  const readMore = (wanted: (ref: ObjectRef) => boolean) => readObjects(list.items, readable, wanted)
  return chain(readMore(reads), (objects) => remark({ ...list, objects, readMore }, diagnostics))
}

function readObjects(
  all: readonly Item[],
  readable: readonly ReadItem[],
  wanted: (ref: ObjectRef) => boolean,
): Outcome<readonly Sourced<KubernetesObject>[]> {
  const objects = new Map<string, Sourced<KubernetesObject>>()
  const diagnostics: Diagnostic[] = []
  for (const item of readable) {
    if (!wanted(item.ref)) continue
    const object = readObject(item)
    for (const diagnostic of diagnosticsOf(object)) diagnostics.push(diagnostic)
    const value = resultOf(object)
    if (value === undefined) continue
    const key = identity(item.ref)
    const first = objects.get(key)
    if (first === undefined) objects.set(key, { value, source: sourceOf(item) })
    else diagnostics.push(duplicate(all[first.source.item], item))
  }
  return remark([...objects.values()], diagnostics)
}

function readObject(item: ReadItem): Outcome<KubernetesObject> {
  const parsed = item.parse()
  if (!parsed.ok) return fail([brokenText(sourceOf(item), parsed.reason, parsed.line)])
  return checkObject(parsed.value, sourceOf(item))
}

function duplicate(first: Item | undefined, second: Item): Diagnostic {
  const places = `${first === undefined ? 'elsewhere' : whereIs(first)} and ${whereIs(second)}`
  return error(
    at(sourceOf(second), 'metadata.name'),
    `${describe(second.ref)} must stand in the list once, but it is in ${places}`,
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
