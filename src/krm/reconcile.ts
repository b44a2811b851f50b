import { checkObject } from './check-object.ts'
import { type Diagnostic, error } from './diagnostic.ts'
import { isFields } from './fields.ts'
import { groupByEach } from './group.ts'
import { INDEX_ANNOTATION, PACKAGE_ANNOTATION, PATH_ANNOTATION } from './host-annotations.ts'
import { at, describe, type FileRef, identity, type KubernetesObject, type ObjectRef } from './object.ts'
import { type Outcome, remark, resultOf } from './outcome.ts'
import { type Change, type Item, type ResourceList, sourceOf, whereIs } from './resource-list.ts'

/**
 * What must change so that the list holds exactly the desired objects of ours: all earlier ones are dropped, whatever a
 * user made of them, and the desired ones appended in the order given. Since hosts write items to the files that they
 * name, a place in the list means nothing; always the end makes a second run change nothing. An object that would
 * overwrite something that is not ours, by name or by file, is an error and is left out.
 */
export function reconcile(
  list: ResourceList,
  isOurs: (object: KubernetesObject) => boolean,
  desired: readonly KubernetesObject[],
): Outcome<Change> {
  const kinds = new Set(['EnvoyFilter', ...desired.map(({ kind }) => kind)])
  const dropped = new Set(
    list.items.filter((item) => kinds.has(item.ref.kind) && isOwn(item, isOurs)).map(({ index }) => index),
  )
  const foreign = list.items.filter(({ index }) => !dropped.has(index))
  const names = groupByEach(foreign, ({ ref }) => (kinds.has(ref.kind) ? [identity(ref)] : []))
  const files = groupByEach(foreign, ({ file }) => (file === undefined ? [] : [fileKey(file)]))
  const home = homePackage(list)
  const diagnostics: Diagnostic[] = []
  const added = desired.filter((object) => {
    const namesakes = names.get(identity(refOf(object))) ?? []
    const faults = [
      ...namesakes.map((item) => sameName(object, item)),
      // A namesake in its file is one fault, and the name is what must change.
      ...(files.get(fileKey(fileOf(object))) ?? [])
        .filter((item) => isInPackage(item, home) && !namesakes.includes(item))
        .map((item) => sameFile(object, item)),
    ]
    for (const fault of faults) diagnostics.push(fault)
    return faults.length === 0
  })
  return remark({ dropped, added }, diagnostics)
}

function isOwn(item: Item, isOurs: (object: KubernetesObject) => boolean): boolean {
  const object = resultOf(checkObject(item.value(), sourceOf(item)))
  return object !== undefined && isOurs(object)
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}

function fileOf({ metadata: { annotations } }: KubernetesObject): FileRef {
  return { path: annotations?.[PATH_ANNOTATION] ?? '', index: Number(annotations?.[INDEX_ANNOTATION] ?? 0) }
}

function fileKey({ path, index }: FileRef): string {
  return JSON.stringify([path, index])
}

/**
 * The package that new items go to: the outermost of the Kptfiles in the list. A subpackage may have a file of the
 * same path, since paths are relative to their package.
 */
function homePackage({ items }: ResourceList): string | undefined {
  const packages = items.filter(({ ref }) => ref.kind === 'Kptfile').map(packageOf)
  const [outermost] = packages.filter((path) => path !== undefined).sort((a, b) => a.length - b.length)
  return outermost
}

function isInPackage(item: Item, home: string | undefined): boolean {
  const own = packageOf(item)
  return own === undefined || home === undefined || own === home
}

function packageOf(item: Item): string | undefined {
  const value = item.value()
  const metadata = isFields(value) ? value.metadata : undefined
  const annotations = isFields(metadata) ? metadata.annotations : undefined
  const path = isFields(annotations) ? annotations[PACKAGE_ANNOTATION] : undefined
  return typeof path === 'string' ? path : undefined
}

function sameName(object: KubernetesObject, item: Item): Diagnostic {
  const message = `${describe(refOf(object))} is needed by this function, but the list has one of that name that is not its own, in ${whereIs(item)}: rename or remove that one`
  return error(at(sourceOf(item), 'metadata.name'), message, { currentValue: item.ref.name })
}

function sameFile(object: KubernetesObject, item: Item): Diagnostic {
  const message = `${describe(refOf(object))} must be written to ${whereIs(item)}, but ${describe(item.ref)} is there: move that one to another file`
  return error(at(sourceOf(item), ''), message)
}
