import { isFields } from '../krm/fields.ts'
import type { SchemaError, SchemaValidator } from '../krm/schema-validator.ts'

type Tree = Readonly<Record<string, unknown>>

/**
 * Turns strings into what a schema wants, for configs that can say nothing else (`kpt fn eval -- key=value` makes a
 * ConfigMap): a list is split at commas, numbers and booleans are read as YAML would. What cannot be read stays a string,
 * so that the schema's own error names it.
 */
export function fromStrings(value: Tree, schema: SchemaValidator): Tree {
  let current = value
  // Each round mends at least one value; a list's items are strings of their own and may need a second one.
  for (let round = 0; round < 4; round += 1) {
    if (schema(current)) return current
    const next = (schema.errors ?? []).reduce(mend, current)
    if (next === current) return current
    current = next
  }
  return current
}

function mend(tree: Tree, { keyword, instancePath, params }: SchemaError): Tree {
  if (keyword !== 'type') return tree
  const path = instancePath.split('/').slice(1)
  const text = read(tree, path)
  if (typeof text !== 'string') return tree
  const wanted = Array.isArray(params.type) ? params.type.map(String) : [String(params.type)]
  const value = convert(text, wanted)
  return value === text ? tree : replace(tree, path, value)
}

function convert(text: string, wanted: readonly string[]): unknown {
  if (wanted.includes('array')) return text.split(',').map((part) => part.trim())
  if (wanted.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  if ((wanted.includes('integer') || wanted.includes('number')) && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  return text
}

function read(tree: unknown, path: readonly string[]): unknown {
  return path.reduce(
    (value: unknown, step) => (isFields(value) || Array.isArray(value) ? Reflect.get(value, step) : undefined),
    tree,
  )
}

function replace(tree: Tree, path: readonly string[], value: unknown): Tree {
  const [step, ...rest] = path
  if (step === undefined) return tree
  const child = tree[step]
  if (rest.length === 0) return { ...tree, [step]: value }
  if (Array.isArray(child))
    return { ...tree, [step]: child.map((item, index) => (String(index) === rest[0] ? value : item)) }
  return isFields(child) ? { ...tree, [step]: replace(child, rest, value) } : tree
}
