import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { KubernetesObject } from '../../src/krm/object.ts'
import { listAt, objectAt, textAt } from './json.ts'
import { isManifest } from './view/manifest.ts'

/** A rendered package whose EnvoyFilters are to be proven. */
export interface Case {
  readonly name: string
  /** Whose ports are asked for; absent: nobody's. */
  readonly protocol?: string
  /** The package as it was rendered, without the EnvoyFilters under test. */
  readonly manifests: readonly KubernetesObject[]
  readonly filters: readonly KubernetesObject[]
  readonly functionConfig?: KubernetesObject
  /** Objects that the case puts over what the view makes by rule. */
  readonly overlay: readonly KubernetesObject[]
  /** Names of objects that the render's results speak of. */
  readonly explained: ReadonlySet<string>
}

/** Every golden case of every function that renders without an error, found on the disk: nobody lists them. */
export function goldenCases(root: string): readonly Case[] {
  return filesBelow(join(root, 'functions')).flatMap((file) => {
    const [protocol, golden, name, out] = file.split('/')
    if (protocol === undefined || name === undefined || golden !== 'golden' || out !== 'out.yaml') return []
    return goldenCase(protocol, join(root, 'functions', protocol, golden, name)) ?? []
  })
}

/** Paths of all files below a folder, sorted. */
export function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return files.map((file) => file.slice(folder.length + 1)).sort()
}

function goldenCase(protocol: string, folder: string): Case | undefined {
  const list = readAll(join(folder, 'out.yaml'))[0]
  const results = listAt(list, 'results')
  if (results.some((result) => textAt(result, 'severity') === 'error')) return undefined
  const overlay = join(folder, 'view.yaml')
  return renderedCase(
    `${protocol}/${basename(folder)}`,
    protocol,
    list,
    existsSync(overlay) ? readManifests(overlay) : [],
  )
}

/** A case of a ResourceList that a function gave back. */
export function renderedCase(
  name: string,
  protocol: string,
  list: unknown,
  overlay: readonly KubernetesObject[] = [],
): Case {
  const items = listAt(list, 'items').filter(isManifest)
  const config = [objectAt(list, 'functionConfig')].find(isManifest)
  return {
    name,
    protocol,
    manifests: items.filter((item) => !isOurs(item, protocol)),
    filters: items.filter((item) => isOurs(item, protocol)),
    ...(config === undefined ? {} : { functionConfig: config }),
    overlay,
    explained: new Set(listAt(list, 'results').flatMap((result) => textAt(result, 'resourceRef', 'name') ?? [])),
  }
}

/** Whether it is an EnvoyFilter of a function. */
export function isOurs(item: KubernetesObject, protocol: string): boolean {
  const labels = item.metadata.labels ?? {}
  return (
    item.kind === 'EnvoyFilter' &&
    labels['app.kubernetes.io/managed-by'] === 'meltemi' &&
    labels['meltemi.dev/protocol'] === protocol
  )
}

function readAll(file: string): readonly unknown[] {
  return parseAllDocuments(readFileSync(file, 'utf8'), { merge: true }).map((document) => document.toJS())
}

/** All Kubernetes objects of a YAML or JSON file, also those inside a List or a ResourceList. */
export function readManifests(file: string): readonly KubernetesObject[] {
  return readAll(file)
    .flatMap((value) => (/^(Resource)?List$/.test(textAt(value, 'kind') ?? '') ? listAt(value, 'items') : [value]))
    .filter(isManifest)
}

/** All Kubernetes objects of a folder's files, with the file each came from (as kpt annotates it). */
export function readPackage(folder: string): readonly KubernetesObject[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return readManifests(folder)
  const files = filesBelow(folder).filter((file) => /\.(ya?ml|json)$|(^|\/)Kptfile$/.test(file))
  return files.flatMap((file) => readManifests(join(folder, file)).map((object, index) => placed(object, file, index)))
}

function placed(object: KubernetesObject, path: string, index: number): KubernetesObject {
  const annotations = {
    ...object.metadata.annotations,
    'config.kubernetes.io/path': path,
    'config.kubernetes.io/index': String(index),
    'internal.config.kubernetes.io/path': path,
    'internal.config.kubernetes.io/index': String(index),
  }
  return { ...object, metadata: { ...object.metadata, annotations } }
}
