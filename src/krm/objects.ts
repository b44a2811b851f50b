import { brokenText, checkObject } from './check-object.ts'
import { type Diagnostic, error } from './diagnostic.ts'
import type { ReadItem } from './item.ts'
import { at, describe, identity, type KubernetesObject, type ObjectRef, type Sourced } from './object.ts'
import { chain, collect, diagnosticsOf, fail, map, type Outcome, remark, resultOf } from './outcome.ts'
import { type Item, isFunctionConfig, type Refused, type ResourceList, sourceOf, whereIs } from './resource-list.ts'

/** Says which kinds of object the function reads; the others are copied and never parsed. */
export type Reads = (type: { readonly apiVersion: string; readonly kind: string }) => boolean

/** The list with the items of the kinds that are read as objects. Errors: what is wrong with any item. */
export function withObjects(
  list: Omit<ResourceList, 'objects' | 'refused' | 'readMore'>,
  items: readonly ReadItem[],
  reads: Reads,
): Outcome<ResourceList> {
  const nameless = items.filter((item) => !isNamed(item.ref) && !isKustomization(item))
  const readable = items.filter((item) => isNamed(item.ref) && !isFunctionConfig(list, item))
  const readMore = (wanted: (ref: ObjectRef) => boolean) => map(readObjects(readable, wanted), ({ objects }) => objects)
  return chain(readObjects(readable, reads), ({ objects, refused }) =>
    remark({ ...list, objects, refused: [...refused, ...nameless.map(refuse)], readMore }, nameless.map(unnamed)),
  )
}

function readObjects(
  readable: readonly ReadItem[],
  wanted: (ref: ObjectRef) => boolean,
): Outcome<Pick<ResourceList, 'objects' | 'refused'>> {
  const named = new Map<string, [ReadItem, ...ReadItem[]]>()
  for (const item of readable) {
    if (!wanted(item.ref)) continue
    const key = identity(item.ref)
    const twins = named.get(key)
    if (twins === undefined) named.set(key, [item])
    else twins.push(item)
  }
  const objects: Sourced<KubernetesObject>[] = []
  const refused: Refused[] = []
  const diagnostics: Diagnostic[] = []
  for (const twins of named.values()) {
    const [first, ...others] = twins
    for (const other of others) diagnostics.push(duplicate(first, other))
    const sound = collect(twins, readObject)
    for (const diagnostic of diagnosticsOf(sound)) diagnostics.push(diagnostic)
    const [object] = resultOf(sound) ?? []
    const rest = twins.filter(({ index }) => index !== object?.source.item)
    for (const item of rest) refused.push(refuse(item))
    if (object !== undefined) objects.push(rest.length === 0 ? object : { ...object, again: rest.map(sourceOf) })
  }
  return remark({ objects, refused }, diagnostics)
}

function readObject(item: ReadItem): Outcome<Sourced<KubernetesObject>> {
  const source = sourceOf(item)
  const parsed = item.parse()
  if (!parsed.ok) return fail([brokenText(source, parsed.reason, parsed.line)])
  return map(checkObject(parsed.value, source), (value) => ({ value, source }))
}

function refuse(item: ReadItem): Refused {
  const parsed = item.parse()
  return { source: sourceOf(item), ...(parsed.ok ? { value: parsed.value } : {}) }
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
  if (!parsed.ok) {
    const where = `line ${parsed.line + 1} of the list`
    return error(
      undefined,
      `${whereIs(item)} is not YAML: ${where}: ${parsed.reason}. It may be anything, so nothing is written`,
    )
  }
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

/** As of text that cannot be parsed, unless its lines say what it is beyond doubt. */
export function isOfNoKnownKind({ apiVersion, kind }: ObjectRef): boolean {
  return apiVersion === '' && kind === ''
}

/** A kustomization needs neither kind nor name; kustomize knows it by its file. */
function isKustomization({ ref, file }: Item): boolean {
  return (
    ref.kind === 'Kustomization' ||
    ref.kind === 'Component' ||
    /(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(file?.path ?? '')
  )
}
