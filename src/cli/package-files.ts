import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { compare } from '../krm/compare.ts'
import { emitJson } from '../krm/emit-yaml.ts'
import { type Fields, isFields } from '../krm/fields.ts'
import { API_VERSION } from '../krm/function-config.ts'
import { INDEX_ANNOTATION, PATH_ANNOTATION } from '../krm/host-annotations.ts'
import { parseDocuments } from '../krm/parse-yaml.ts'

/** The objects of a directory as a host would send them, or why a file cannot be read. */
export interface Package {
  readonly objects: readonly Fields[]
  readonly problems: readonly string[]
}

/** Reads every YAML and JSON file below a directory; what is no Kubernetes object (values files, kustomizations) is left aside. */
export function readPackage(directory: string): Package {
  const objects: Fields[] = []
  const problems: string[] = []
  for (const file of files(directory)) {
    const path = relative(directory, file).split(sep).join('/')
    const parsed = parseDocuments(readFileSync(file, 'utf8'))
    if (!parsed.ok) {
      problems.push(`${path}:${parsed.line + 1}:${parsed.column + 1}: ${parsed.reason}`)
      continue
    }
    const documents = Array.isArray(parsed.value) ? parsed.value : []
    for (const [index, document] of documents.entries()) {
      if (isObject(document)) objects.push(withAddress(document, path, index))
    }
  }
  return { objects, problems }
}

function files(directory: string): readonly string[] {
  const entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => compare(a.name, b.name))
  return entries.flatMap((entry) => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : files(path)
    return entry.isFile() && /\.(ya?ml|json)$/.test(entry.name) ? [path] : []
  })
}

function isObject(document: unknown): document is Fields {
  return (
    isFields(document) &&
    typeof document.apiVersion === 'string' &&
    typeof document.kind === 'string' &&
    document.kind !== 'Kustomization'
  )
}

function withAddress(document: Fields, path: string, index: number): Fields {
  const metadata = isFields(document.metadata) ? document.metadata : {}
  const annotations = isFields(metadata.annotations) ? metadata.annotations : {}
  const address = { [PATH_ANNOTATION]: path, [INDEX_ANNOTATION]: String(index) }
  return { ...document, metadata: { ...metadata, annotations: { ...annotations, ...address } } }
}

/** The text of a ResourceList of these objects, with the functionConfig that the package itself holds for a kind. */
export function resourceListOf(objects: readonly Fields[], kind: string): string {
  const isConfig = ({ apiVersion, kind: found }: Fields) => found === kind && apiVersion === API_VERSION
  const functionConfig = objects.find(isConfig)
  const list = {
    apiVersion: 'config.kubernetes.io/v1',
    kind: 'ResourceList',
    items: objects.filter((object) => object !== functionConfig),
    ...(functionConfig === undefined ? {} : { functionConfig }),
  }
  return emitJson(list)
}
