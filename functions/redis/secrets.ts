import { at, below, describe, type KubernetesObject, type Place, type Sourced } from 'meltemi'

/** A Secret that is in the list. */
export interface ListedSecret {
  readonly description: string
  readonly object: Sourced<KubernetesObject>
}

/** A field of a Secret. Its value is never part of a message. */
export interface SecretField {
  readonly name: string
  /** Known only where the Secret is in the list. */
  readonly value?: string
  readonly place?: Place
}

export function listedSecret(object: Sourced<KubernetesObject>): ListedSecret {
  return { description: describe(object.source.ref), object }
}

/** `stringData`, which wins as in Kubernetes, or `data` in base64. */
export function fieldOf({ object: { value, source } }: ListedSecret, name: string): SecretField | undefined {
  for (const [field, decode] of [
    ['stringData', asItIs],
    ['data', fromBase64],
  ] as const) {
    const { [name]: text }: Readonly<Record<string, unknown>> = Object(value[field])
    if (typeof text === 'string') return { name, value: decode(text), place: below(at(source, field), name) }
  }
  return undefined
}

function asItIs(text: string): string {
  return text
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8')
}
