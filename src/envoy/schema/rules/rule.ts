import type { EnvoyMinor } from '../minors.ts'
import { typeName } from '../schema.ts'
import { isObject, type JsonObject } from '../walk.ts'

/**
 * A rule that Envoy checks in C++ and no descriptor shows. `npx vitest run --project envoy-api` proves each against
 * real Envoys, both ways: test/envoy-api/configs has a config that breaks it and one that does not.
 */
export interface CppRule {
  /** The message that it looks at, by its protobuf name. */
  readonly on: string
  readonly name: string
  /** What must hold, for the documentation. */
  readonly says: string
  /** What Envoy itself says, or where it checks, when it says nothing useful. */
  readonly envoy: string
  /** A rule of a filter that only contrib builds have: read from its source, not proven against a binary. */
  readonly isContrib?: true
  /**
   * A rule that Envoy checks when traffic comes: it loads the config that breaks it, and dies later. Proven both ways with
   * running Envoys (test/envoy-api/redis-key-formatter.test.ts).
   */
  readonly isLate?: true
  /** `range`: the minors that the config is for, oldest first. */
  find(message: JsonObject, range: readonly EnvoyMinor[]): readonly Finding[]
}

/** A breach, with the steps from the message to the value at fault. */
export interface Finding {
  readonly at: readonly (string | number)[]
  readonly message: string
  /** The first minor on which it is no breach. */
  readonly since?: EnvoyMinor
}

/** A breach at a value below the message. */
export function finding(at: Finding['at'], message: string): Finding {
  return { at, message }
}

/** A breach if the condition holds, else none. */
export function when(condition: boolean, at: Finding['at'], message: string): readonly Finding[] {
  return condition ? [{ at, message }] : []
}

/** A message at a path of field names; `{}` where it is absent or no object (the schema says that). */
export function child(message: JsonObject, ...steps: readonly string[]): JsonObject {
  const [step, ...rest] = steps
  if (step === undefined) return message
  const value = message[step]
  return isObject(value) ? child(value, ...rest) : {}
}

/** The messages of a repeated field, with their indices. */
export function children(message: JsonObject, field: string): readonly (readonly [number, JsonObject])[] {
  const value = message[field]
  if (!Array.isArray(value)) return []
  return [...value.entries()].flatMap(([i, item]: [number, unknown]) => (isObject(item) ? [[i, item] as const] : []))
}

/** Whether a message sets a field, even to its zero value. */
export function has(message: JsonObject, field: string): boolean {
  return Object.hasOwn(message, field)
}

/** The type of a typed config, plain or wrapped in a TypedStruct; empty where it names none. */
export function innerType(config: JsonObject): string {
  const url = typeof config.type_url === 'string' ? config.type_url : config['@type']
  return typeof url === 'string' ? typeName(url) : ''
}
