/** A Kubernetes object as it stands in a ResourceList: open world, every field but these three is the kind's own. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
  readonly [field: string]: unknown
}

export interface ObjectMeta {
  readonly name: string
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/** What a KRM `resourceRef` holds. `namespace` is absent where the object has none. */
export interface ObjectRef {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}

/** The file an item came from, as the host annotated it: a slash path relative to the package, and the document in it. */
export interface FileRef {
  readonly path: string
  readonly index: number
}

/** Where an object stands in the input: what it is, its place in `items`, and its file when the host says so. */
export interface Source {
  readonly ref: ObjectRef
  readonly item: number
  readonly file?: FileRef
}

/** An address in the user's input: an object and a JSON path in it (`spec.ports[0].number`). */
export interface Place {
  readonly source: Source
  readonly path: string
}

/** A decoded object and where it came from. */
export interface Sourced<T> {
  readonly value: T
  readonly source: Source
  /** Where the same object stands once more, which is an error that has been said: none of them is known to be the one that holds. */
  readonly again?: readonly Source[]
}

/** A place inside the object of `source`. */
export function at(source: Source, path: string): Place {
  return { source, path }
}

/** A place below another: `below(at(s, 'spec.ports[0]'), 'number')` is `spec.ports[0].number`. */
export function below(place: Place, step: string | number): Place {
  return { source: place.source, path: joinPath(place.path, step) }
}

/** Appends a step to a JSON path: numbers and keys that are no identifiers go into brackets. */
export function joinPath(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`
  if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `${path}[${JSON.stringify(step)}]`
  return path === '' ? step : `${path}.${step}`
}

/** The group of an `apiVersion`; the core group is empty. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash === -1 ? '' : apiVersion.slice(0, slash)
}

/** Equal for what is one object to the API server, which tells objects apart by group and not by version. */
export function identity({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return JSON.stringify([groupOf(apiVersion), kind, namespace ?? '', name])
}

/** `Kind namespace/name`, or `Kind name` where there is no namespace: how messages name an object. */
export function describe(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`
}
