import {
  at,
  below,
  compare,
  describe,
  type KubernetesObject,
  namespaceOf,
  type Place,
  type Source,
  type Sourced,
} from 'meltemi'

/** A Secret that is in the list. */
export interface ListedSecret {
  readonly description: string
  readonly object: Sourced<KubernetesObject>
  /** Where a Secret of its namespace and name stands once more. */
  readonly again: readonly Source[]
}

/** A field of a Secret. Its value is never part of a message. */
export interface SecretField {
  readonly name: string
  /** Known only where the Secret is in the list. */
  readonly value?: string
  readonly place?: Place
  /** Why it is none that Kubernetes takes. */
  readonly fault?: string
}

export function secretKey(namespace: string, name: string): string {
  return `${namespace}/${name}`
}

/** By namespace and name. One without a namespace and one of the default namespace are the same. */
export function listedSecrets(objects: readonly Sourced<KubernetesObject>[]): ReadonlyMap<string, ListedSecret> {
  const secrets = new Map<string, ListedSecret>()
  for (const object of objects) {
    const { ref } = object.source
    const key = secretKey(namespaceOf(ref), ref.name)
    const first = secrets.get(key)
    const again = object.again ?? []
    secrets.set(
      key,
      first === undefined
        ? { description: describe(ref), object, again }
        : { ...first, again: [...first.again, object.source, ...again] },
    )
  }
  return secrets
}

/** Why no password can be taken from a Secret. `undefined`: one can. */
export function rivalry({ object: { source }, again }: ListedSecret): string | undefined {
  if (again.length === 0) return undefined
  const names = [source, ...again]
    .map(({ ref, file }) => `${describe(ref)}${file === undefined ? '' : ` (${file.path})`}`)
    .sort(compare)
  return `must name a Secret that the list has once, but it has ${names.join(' and ')}, and which of their passwords holds cannot be known: keep one of them`
}

/** `stringData`, which wins as in Kubernetes, or `data` in base64. */
export function fieldOf({ object: { value, source } }: ListedSecret, name: string): SecretField | undefined {
  for (const [field, decode] of [
    ['stringData', asItIs],
    ['data', fromBase64],
  ] as const) {
    const { [name]: text }: Readonly<Record<string, unknown>> = Object(value[field])
    if (text === undefined || text === null) continue
    const place = below(at(source, field), name)
    if (typeof text !== 'string') return { name, place, fault: 'must be a string: quote it' }
    const decoded = decode(text)
    return decoded === undefined
      ? { name, place, fault: 'must be base64 of text; plain text belongs into `stringData`' }
      : { name, place, value: decoded }
  }
  return undefined
}

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
