import { brokenText, checkObject, typeName } from './check-object.ts'
import { type Diagnostic, type Diagnostics, error } from './diagnostic.ts'
import {
  parsedValue,
  type ReadItem,
  readField,
  readFunctionConfigItem,
  readItems,
  type Source,
  sourceText,
} from './item.ts'
import { entryOf, type Layout } from './layout.ts'
import { at, describe, type KubernetesObject, type ObjectRef, type Sourced } from './object.ts'
import { diagnosticsOf, fail, type Outcome, remark, resultOf } from './outcome.ts'
import { readBlock } from './read-block.ts'
import { readJson } from './read-json.ts'
import { type Item, isFunctionConfig, type ResourceList, sourceOf, whereIs } from './resource-list.ts'
import { emptyInput, notAResourceList } from './stdin-problems.ts'

/** Says which kinds of object the function reads; the others are copied and never parsed. */
export type Reads = (type: { readonly apiVersion: string; readonly kind: string }) => boolean

/**
 * Reads a ResourceList: YAML or JSON in any style. No value: stdin is no ResourceList, and the diagnostics say why. A
 * value and errors: items that are broken or stand there twice; they stay in `items`, and out of `objects`.
 */
export async function read(text: string, reads: Reads): Promise<Outcome<ResourceList>> {
  if (!/\S/.test(text)) return fail([emptyInput()])
  const quick = readBlock(text) ?? readJson(text)
  if (quick !== undefined) {
    const source = sourceText(quick)
    const items = readItems(source)
    // What cannot even be named is for the full parser to explain, with its line.
    if (items.every((item) => isNamed(item.ref) || item.parse().ok)) return resourceList(source, items, reads)
  }
  return readSlowly(text, reads)
}

async function readSlowly(text: string, reads: Reads): Promise<Outcome<ResourceList>> {
  const { readYaml } = await import('./read-yaml.ts')
  const layout = await readYaml(text)
  const found = resultOf(layout)
  if (found === undefined) return fail(diagnosticsOf(layout))
  const source = sourceText(found)
  return resourceList(source, readItems(source), reads)
}

function resourceList(source: Source, items: readonly ReadItem[], reads: Reads): Outcome<ResourceList> {
  const { layout } = source
  const faults = listProblems(source, items)
  if (faults.length > 0) return fail(faults)
  const functionConfig = readFunctionConfigItem(source)
  const config = functionConfig === undefined ? {} : { functionConfig }
  const bare: ResourceList = { items, objects: [], layout, ...config }
  const { objects, diagnostics } = readObjects(bare, items, reads)
  return remark({ ...bare, objects }, [...brokenConfig(functionConfig), ...diagnostics])
}

/** What makes the text no ResourceList at all. */
function listProblems(source: Source, items: readonly ReadItem[]): Diagnostics {
  const { layout } = source
  const apiVersion = readField(source, 'apiVersion')
  const kind = readField(source, 'kind')
  const top = notAResourceList({
    ...(apiVersion === undefined ? {} : { apiVersion: parsedValue(apiVersion) }),
    ...(kind === undefined ? {} : { kind: parsedValue(kind) }),
  })
  if (top !== undefined) return [top]
  if (layout.list === undefined) return [noItems(source, layout)]
  const diagnostics: Diagnostic[] = []
  for (const item of items) {
    if (isNamed(item.ref)) continue
    const parsed = item.parse()
    const value = parsedValue(parsed)
    if (parsed.ok && (typeof value !== 'object' || value === null || Array.isArray(value)))
      diagnostics.push(error(undefined, `\`items[${item.index}]\` must be a Kubernetes object, not ${typeName(value)}`))
  }
  return diagnostics
}

function noItems(source: Source, layout: Layout): Diagnostic {
  if (entryOf(layout, 'items') === undefined)
    return error(
      undefined,
      'the ResourceList must have `items`, but the field is missing; an empty list is `items: []`',
    )
  const parsed = readField(source, 'items')
  const value = parsed === undefined ? undefined : parsedValue(parsed)
  return error(
    undefined,
    `\`items\` of the ResourceList must be a list, not ${typeName(value)}; an empty list is \`items: []\``,
  )
}

function brokenConfig(functionConfig: ReadItem | undefined): Diagnostics {
  const parsed = functionConfig?.parse()
  if (functionConfig === undefined || parsed === undefined || parsed.ok) return []
  return [error(undefined, `\`functionConfig\` is not YAML: line ${parsed.line + 1} of the list: ${parsed.reason}`)]
}

interface Objects {
  readonly objects: readonly Sourced<KubernetesObject>[]
  readonly diagnostics: Diagnostics
}

/** The items of the kinds that are read, and what is wrong with any item. */
function readObjects(list: ResourceList, items: readonly ReadItem[], reads: Reads): Objects {
  const objects = new Map<string, Sourced<KubernetesObject>>()
  const diagnostics: Diagnostic[] = []
  for (const item of items) {
    if (!isNamed(item.ref)) {
      if (!isKustomization(item)) diagnostics.push(unnamed(item))
      continue
    }
    if (!reads(item.ref) || isFunctionConfig(list, item)) continue
    const object = readObject(item)
    for (const diagnostic of diagnosticsOf(object)) diagnostics.push(diagnostic)
    const value = resultOf(object)
    if (value === undefined) continue
    const key = identity(item.ref)
    const first = objects.get(key)
    if (first === undefined) objects.set(key, { value, source: sourceOf(item) })
    else diagnostics.push(duplicate(list.items[first.source.item], item))
  }
  return { objects: [...objects.values()], diagnostics }
}

function readObject(item: ReadItem): Outcome<KubernetesObject> {
  const parsed = item.parse()
  if (!parsed.ok) return fail([brokenText(sourceOf(item), parsed.reason, parsed.line)])
  return checkObject(parsed.value, sourceOf(item))
}

/** The API server tells objects apart by group, not by version. */
function identity({ apiVersion, kind, namespace, name }: ObjectRef): string {
  const slash = apiVersion.indexOf('/')
  return JSON.stringify([slash === -1 ? '' : apiVersion.slice(0, slash), kind, namespace ?? '', name])
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

function isNamed({ apiVersion, kind, name }: ObjectRef): boolean {
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
