import { current, type Diagnostic, error } from './diagnostic.ts'
import { type Fields, isFields, typeName } from './fields.ts'
import { at, joinPath, type KubernetesObject, type Source } from './object.ts'
import { fail, type Outcome, ok } from './outcome.ts'

/** What every Kubernetes object must have, and what its metadata may not hold: the API server would refuse it as well. */
export function checkObject(value: unknown, source: Source): Outcome<KubernetesObject> {
  const object = withoutNulls(value)
  if (isSound(object)) return ok(object)
  return fail(problems(object).map(({ path, message, found }) => error(at(source, path), message, current(found))))
}

function isSound(value: unknown): value is KubernetesObject {
  return problems(value).length === 0
}

interface Problem {
  readonly path: string
  readonly message: string
  readonly found?: unknown
}

function problems(value: unknown): readonly Problem[] {
  if (!isFields(value)) return [{ path: '', message: `must be a Kubernetes object, not ${typeName(value)}` }]
  const { metadata } = value
  if (!isFields(metadata))
    return [...names(value), { path: 'metadata', message: `must be a map, not ${typeName(metadata)}` }]
  const { name, namespace } = metadata
  return [
    ...names(value),
    ...(isName(name) ? [] : [{ path: 'metadata.name', message: 'must be a string that is not empty', found: name }]),
    ...(namespace === undefined || typeof namespace === 'string'
      ? []
      : [{ path: 'metadata.namespace', message: `must be a string, not ${typeName(namespace)}`, found: namespace }]),
    ...strings(metadata, 'labels'),
    ...strings(metadata, 'annotations'),
  ]
}

function names(value: Fields): readonly Problem[] {
  return ['apiVersion', 'kind']
    .filter((key) => !isName(value[key]))
    .map((key) => ({ path: key, message: 'must be a string that is not empty', found: value[key] }))
}

function strings(metadata: Fields, key: 'labels' | 'annotations'): readonly Problem[] {
  const map = metadata[key]
  const path = `metadata.${key}`
  if (map === undefined) return []
  if (!isFields(map)) return [{ path, message: `must be a map of strings, not ${typeName(map)}` }]
  return Object.entries(map)
    .filter(([name, value]) => typeof value !== 'string' && !isHostIndex(name, value))
    .map(([name, value]) => ({
      path: joinPath(path, name),
      message: `must be a string, not ${typeName(value)}: quote it`,
      found: value,
    }))
}

/** Hosts take an index that is written as a number, too. */
function isHostIndex(name: string, value: unknown): boolean {
  return typeof value === 'number' && name.endsWith('config.kubernetes.io/index')
}

/** To the API server `labels:` without a value is no labels. */
function withoutNulls(value: unknown): unknown {
  if (!isFields(value) || !isFields(value.metadata) || !Object.values(value.metadata).includes(null)) return value
  const metadata = Object.fromEntries(Object.entries(value.metadata).filter(([, field]) => field !== null))
  return { ...value, metadata }
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

export function brokenText(source: Source, reason: string, line: number): Diagnostic {
  return error(at(source, ''), `is not YAML: line ${line + 1} of the list: ${reason}`)
}
