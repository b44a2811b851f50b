import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import type { DurationBounds, SchemaObject } from '../../src/envoy/schema/schema.ts'

/** PGV rules of one value as schema keywords, and whether the type's zero value breaks them. */
export interface Mapped {
  readonly keywords: SchemaObject
  readonly refusesZero: boolean
}

/** A rule that has no mapping is an error: none is dropped. */
export class UnmappedRule extends Error {}

type Rules = Readonly<Record<string, JsonValue>>

const NUMBERS = ['int32', 'int64', 'uint32', 'uint64', 'float', 'double', 'sint32', 'sint64', 'fixed32', 'fixed64']

/** Maps the rules of a scalar, a duration or an enum: `{ string: { minLen: "1" } }`. */
export function mapRules(rules: JsonObject): Mapped {
  const entries = Object.entries(rules)
  const [kind, body] = entries[0] ?? []
  if (kind === undefined) return { keywords: {}, refusesZero: false }
  if (entries.length > 1 || !isRules(body)) throw new UnmappedRule(`rules ${JSON.stringify(rules)}`)
  if (NUMBERS.includes(kind)) return numbers(body)
  if (kind === 'string') return strings(body)
  if (kind === 'duration') return durations(body)
  if (kind === 'bool') return consts(body)
  if (kind === 'bytes') return bytes(body)
  // `defined_only` is what names say anyway; `not_in` is applied where the names are known.
  if (kind === 'enum') return only(body, ['definedOnly', 'notIn'])
  throw new UnmappedRule(`rules of kind ${kind}`)
}

export function isRules(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function only(body: Rules, known: readonly string[]): Mapped {
  for (const rule of Object.keys(body)) if (!known.includes(rule)) throw new UnmappedRule(`rule ${rule}`)
  return { keywords: {}, refusesZero: false }
}

function consts(body: Rules): Mapped {
  only(body, ['const'])
  const value = body.const
  if (typeof value !== 'boolean') throw new UnmappedRule(`const ${JSON.stringify(value)}`)
  return { keywords: { const: value }, refusesZero: value }
}

function numbers(body: Rules): Mapped {
  only(body, ['gt', 'gte', 'lt', 'lte'])
  const [gt, gte, lt, lte] = ['gt', 'gte', 'lt', 'lte'].map((rule) => number(body[rule]))
  const refusesZero =
    (gt !== undefined && gt >= 0) || (gte !== undefined && gte > 0) || (lt ?? 1) <= 0 || (lte !== undefined && lte < 0)
  const keywords = {
    ...(gt === undefined ? {} : { exclusiveMinimum: gt }),
    ...(gte === undefined ? {} : { minimum: gte }),
    ...(lt === undefined ? {} : { exclusiveMaximum: lt }),
    ...(lte === undefined ? {} : { maximum: lte }),
  }
  return { keywords, refusesZero }
}

function number(value: JsonValue | undefined): number | undefined {
  if (value === undefined) return undefined
  const n = Number(value)
  if (!Number.isFinite(n)) throw new UnmappedRule(`number ${JSON.stringify(value)}`)
  return n
}

// `required` is the field's business, seen by its message.
function durations(body: Rules): Mapped {
  only(body, ['required', 'gt', 'gte', 'lt', 'lte'])
  const duration: { -readonly [K in keyof DurationBounds]: DurationBounds[K] } = {}
  for (const bound of ['gt', 'gte', 'lt', 'lte'] as const) {
    const text = body[bound]
    if (typeof text === 'string') duration[bound] = Number(text.replace(/s$/, ''))
  }
  return { keywords: Object.keys(duration).length === 0 ? {} : { duration }, refusesZero: false }
}

function bytes(body: Rules): Mapped {
  only(body, ['minLen', 'maxLen'])
  const min = number(body.minLen) ?? 0
  const max = number(body.maxLen)
  if (min > 1) throw new UnmappedRule(`bytes.min_len ${min}`)
  // Base64 tells lengths in groups of three bytes; the bound is rounded down, so it is never too wide.
  return {
    keywords: {
      ...(min === 0 ? {} : { minLength: 1 }),
      ...(max === undefined ? {} : { maxLength: Math.floor(max / 3) * 4 }),
    },
    refusesZero: min > 0,
  }
}

function strings(body: Rules): Mapped {
  only(body, [
    'minLen',
    'maxLen',
    'maxBytes',
    'prefix',
    'suffix',
    'in',
    'wellKnownRegex',
    'strict',
    'ignoreEmpty',
    'pattern',
  ])
  const minLength = number(body.minLen)
  const maxLength = number(body.maxLen)
  const maxBytes = number(body.maxBytes)
  const names = body.in
  const ignoreEmpty = body.ignoreEmpty === true
  if (ignoreEmpty && (minLength !== undefined || names !== undefined))
    throw new UnmappedRule('ignore_empty with min_len or in')
  const pattern = patternOf(body, ignoreEmpty)
  const keywords: SchemaObject = {
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(Array.isArray(names) ? { enum: names.map(String) } : {}),
  }
  const refusesZero =
    (minLength ?? 0) > 0 || names !== undefined || (pattern !== undefined && !new RegExp(pattern, 'u').test(''))
  return { keywords, refusesZero }
}

// PGV's own expressions, validate.proto KnownRegex and templates/goshared/known.go.
const STRICT = {
  HTTP_HEADER_NAME: ":?[0-9a-zA-Z!#$%&'*+\\-.^_|~`]+",
  HTTP_HEADER_VALUE: '[^\\u0000-\\u0008\\u000A-\\u001F\\u007F]*',
}
const LENIENT = '[^\\u0000\\u000A\\u000D]*'

function patternOf(body: Rules, ignoreEmpty: boolean): string | undefined {
  const parts: string[] = []
  const known = body.wellKnownRegex
  if (known === 'HTTP_HEADER_NAME' || known === 'HTTP_HEADER_VALUE')
    parts.push(body.strict === false ? LENIENT : STRICT[known])
  else if (known !== undefined) throw new UnmappedRule(`well_known_regex ${JSON.stringify(known)}`)
  if (typeof body.prefix === 'string') parts.push(`${escaped(body.prefix)}[\\s\\S]*`)
  if (typeof body.suffix === 'string') parts.push(`[\\s\\S]*${escaped(body.suffix)}`)
  if (typeof body.pattern === 'string') throw new UnmappedRule(`pattern ${body.pattern}`)
  const last = parts.pop()
  if (last === undefined) return undefined
  const all = `${parts.map((part) => `(?=${part}$)`).join('')}${last}`
  return ignoreEmpty ? `^(?:|${all})$` : `^${all}$`
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

/** The rules of one kind; rules of another beside them have no mapping. */
export function rulesOf(rules: JsonObject, kind: string): JsonObject {
  const { [kind]: own, ...rest } = rules
  if (Object.keys(rest).length > 0) throw new UnmappedRule(`${kind} with ${JSON.stringify(rest)}`)
  return isRules(own) ? own : {}
}
