import {
  at,
  below,
  compare,
  type Diagnostics,
  describe,
  error,
  groupBy,
  type KubernetesObject,
  namespaceIn,
  type Place,
  type Refused,
  type Source,
  type Sourced,
} from 'meltemi'

/** A Secret as it stands in the list once. */
export interface SecretCopy {
  readonly source: Source
  /** Absent where its text is not YAML. */
  readonly value?: unknown
  /** Whether Kubernetes would take it, as far as its names and metadata. */
  readonly isSound: boolean
  /** `undefined`: it cannot be known, so it may be any. */
  readonly namespace: string | undefined
}

/** All copies of a Secret: which of several holds cannot be known. */
export type ListedSecret = readonly [SecretCopy, ...SecretCopy[]]

/** The Secrets of the list by name. */
export type Secrets = ReadonlyMap<string, readonly SecretCopy[]>

/** A field of a Secret. Its value is never part of a message. */
export interface SecretField {
  readonly name: string
  /** Known only where the Secret is in the list. */
  readonly value?: string
  readonly place?: Place
  /** Why it is none that Kubernetes takes. */
  readonly fault?: string
}

export function secretsByName(objects: readonly Sourced<KubernetesObject>[], refused: readonly Refused[]): Secrets {
  const copies = [
    ...objects.map((object): SecretCopy => ({ ...object, isSound: true, namespace: namespaceIn(object) })),
    ...refused.map((object): SecretCopy => ({ ...object, isSound: false, namespace: namespaceIn(object) })),
  ]
  return groupBy(copies, ({ source }) => source.ref.name)
}

/** One without a namespace and one of the default namespace are the same. */
export function listedSecret(secrets: Secrets, namespace: string, name: string): ListedSecret | undefined {
  const all = secrets.get(name) ?? []
  const [first, ...others] = all.filter((copy) => copy.namespace === undefined || copy.namespace === namespace)
  return first === undefined ? undefined : [first, ...others]
}

/** Where a Secret stands, in words: `Secret shop/cache (base/secret.yaml) and Secret shop/cache`. */
export function describeCopies(copies: readonly SecretCopy[]): string {
  return copies
    .map(({ source: { ref, file } }) => `${describe(ref)}${file === undefined ? '' : ` (${file.path})`}`)
    .sort(compare)
    .join(' and ')
}

const FIELDS = [
  ['stringData', asItIs],
  ['data', fromBase64],
] as const

/** What holds no field at all. */
export function shapeFaults({ value, source }: SecretCopy): Diagnostics {
  return FIELDS.filter(([field]) => {
    const map: unknown = Object(value)[field]
    return map !== undefined && map !== null && (typeof map !== 'object' || Array.isArray(map))
  }).map(([field]) => error(at(source, field), 'must be a map of strings'))
}

/** `stringData`, which wins as in Kubernetes, or `data` in base64. */
export function fieldOf({ value, source }: SecretCopy, name: string): SecretField | undefined {
  for (const [field, decode] of FIELDS) {
    const map: Readonly<Record<string, unknown>> = Object(Object(value)[field])
    if (!Object.hasOwn(map, name)) continue
    const { [name]: text } = map
    const place = below(at(source, field), name)
    if (text === null) return { name, place, fault: NULL[field] }
    if (typeof text !== 'string')
      return { name, place, fault: `must be a string${typeof text === 'object' ? '' : ': quote it'}` }
    const decoded = decode(text)
    return decoded === undefined
      ? { name, place, fault: 'must be base64 of text; plain text belongs into `stringData`' }
      : { name, place, value: decoded }
  }
  return undefined
}

const NULL = {
  stringData:
    'must be a string: Kubernetes takes `null` for an empty one, and `stringData` wins over `data`; give it a value, or leave the field out',
  data: 'must be base64 of text: Kubernetes takes `null` for an empty value; give it one, or leave the field out',
} as const

function asItIs(text: string): string {
  return text
}

/** Line breaks are none of it, as in Go. `undefined`: no base64, or none of UTF-8, which no DataSource can hold. */
function fromBase64(text: string): string | undefined {
  const letters = text.replace(/[\r\n]/g, '')
  const bytes = Buffer.from(letters, 'base64')
  const decoded = bytes.toString('utf8')
  return bytes.toString('base64') === letters && Buffer.from(decoded).equals(bytes) ? decoded : undefined
}
