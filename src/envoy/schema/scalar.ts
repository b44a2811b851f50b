import type { Scalar } from '../../krm/diagnostic.ts'
import { durationOf, seconds } from './duration.ts'
import { type EnvoyMinor, isOlder } from './minors.ts'
import { type Finding, type Problem, said } from './problem.ts'
import type { DurationBounds, JsonType, SchemaObject } from './schema.ts'
import { needs } from './violation.ts'

/** What is wrong with a value taken by itself: type, constant, bounds, length, pattern. A secret's is said without the value. */
export function scalarProblem(
  schema: SchemaObject,
  value: unknown,
  minors: readonly EnvoyMinor[],
  isSecret = false,
): Problem | undefined {
  const finding = findingOf(schema, value, minors)
  return finding === undefined ? undefined : said(finding, isSecret)
}

function findingOf(schema: SchemaObject, value: unknown, minors: readonly EnvoyMinor[]): Finding | undefined {
  const type = typeProblem(schema, value)
  if (type !== undefined) return type
  if (schema.const !== undefined && value !== schema.const)
    return { rule: 'value', message: `must be ${JSON.stringify(schema.const)}`, proposed: schema.const }
  if (schema.enum !== undefined) return enumProblem(schema, schema.enum, value, minors)
  if (typeof value === 'number') return numberProblem(schema, value)
  if (typeof value === 'string') return stringProblem(schema, value)
  return undefined
}

function typesOf({ type }: SchemaObject): readonly JsonType[] {
  return type === undefined ? [] : typeof type === 'string' ? [type] : type
}

function typeProblem(schema: SchemaObject, value: unknown): Finding | undefined {
  const types = typesOf(schema)
  if (types.length === 0 || types.some((type) => isOfType(type, value))) return undefined
  const proposed = proposal(schema, types, value)
  return {
    rule: 'type',
    message: `must be ${noun(schema, types)}`,
    found: shown(types, value),
    ...(proposed === undefined ? {} : { proposed }),
  }
}

/** What stands where a message or a list belongs is named by its type: it may hold more than one field's value. */
function shown(types: readonly JsonType[], value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return types.every((type) => type === 'object' || type === 'array') ? `a ${typeof value}` : JSON.stringify(value)
}

function isOfType(type: JsonType, value: unknown): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'array':
      return Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return Number.isFinite(value)
    case 'string':
    case 'boolean':
      return typeof value === type
  }
}

const NOUNS: Readonly<Record<JsonType, string>> = {
  object: 'an object',
  array: 'a list',
  integer: 'a whole number',
  number: 'a number',
  string: 'a string',
  boolean: 'true or false',
}

function isDuration(schema: SchemaObject): boolean {
  return schema.pattern?.endsWith('s$') === true
}

function noun(schema: SchemaObject, types: readonly JsonType[]): string {
  if (isDuration(schema)) return 'a duration in seconds such as "1.5s"'
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`
  return types.map((type) => NOUNS[type]).join(' or ')
}

function proposal(schema: SchemaObject, types: readonly JsonType[], value: unknown): Scalar | undefined {
  if (isDuration(schema) && typeof value === 'number' && value >= 0) return durationOf(`${value}s`)
  if (schema.enum !== undefined) return undefined
  if (types.includes('string') && typeof value === 'number') return String(value)
  if (types.includes('boolean') && (value === 'true' || value === 'false')) return value === 'true'
  const numeric = typeof value === 'string' && /^-?[0-9]+(\.[0-9]+)?$/.test(value) ? Number(value) : undefined
  const fits = numeric !== undefined && types.some((type) => isOfType(type, numeric))
  return fits ? numeric : undefined
}

function enumProblem(
  schema: SchemaObject,
  names: readonly string[],
  value: unknown,
  minors: readonly EnvoyMinor[],
): Finding | undefined {
  if (typeof value !== 'string' || !names.includes(value)) {
    const same = typeof value === 'string' ? names.find((name) => fold(name) === fold(value)) : undefined
    const message = `must be one of ${names.join(', ')}, letter for letter`
    return { rule: 'value', message, found: JSON.stringify(value), ...(same === undefined ? {} : { proposed: same }) }
  }
  const since = schema.enumSince?.[value]
  const lacking = since === undefined ? [] : minors.filter((minor) => isOlder(minor, since))
  if (since === undefined || lacking.length === 0) return undefined
  return { rule: 'since', message: needs(`"${value}"`, since, minors), minors: lacking }
}

function fold(name: string): string {
  return name.replaceAll(/[-_ ]/g, '').toLowerCase()
}

function numberProblem(schema: SchemaObject, value: number): Finding | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  const fits =
    !(minimum !== undefined && value < minimum) &&
    !(maximum !== undefined && value > maximum) &&
    !(exclusiveMinimum !== undefined && value <= exclusiveMinimum) &&
    !(exclusiveMaximum !== undefined && value >= exclusiveMaximum)
  if (fits) return undefined
  return {
    rule: 'range',
    message: `must be ${bounds({ gt: exclusiveMinimum, gte: minimum, lt: exclusiveMaximum, lte: maximum }, String)}`,
    found: String(value),
  }
}

type Bounds = { readonly [K in keyof DurationBounds]: number | undefined }

function bounds({ gt, gte, lt, lte }: Bounds, show: (bound: number) => string): string {
  const low = gt !== undefined ? `greater than ${show(gt)}` : gte !== undefined ? `at least ${show(gte)}` : undefined
  const high = lt !== undefined ? `less than ${show(lt)}` : lte !== undefined ? `at most ${show(lte)}` : undefined
  return [low, high].filter((side) => side !== undefined).join(' and ')
}

function stringProblem(schema: SchemaObject, value: string): Finding | undefined {
  if (isDuration(schema)) return durationProblem(schema, value)
  const { minLength, maxLength, maxBytes, pattern } = schema
  if (minLength !== undefined && [...value].length < minLength)
    return {
      rule: 'length',
      message: minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`,
    }
  if (maxLength !== undefined && [...value].length > maxLength)
    return { rule: 'length', message: `must have at most ${maxLength} characters` }
  if (maxBytes !== undefined && new TextEncoder().encode(value).length > maxBytes)
    return { rule: 'length', message: `must have at most ${maxBytes} bytes in UTF-8` }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value))
    return { rule: 'value', message: `must match ${pattern}`, found: JSON.stringify(value) }
  return undefined
}

function durationProblem({ pattern, duration }: SchemaObject, value: string): Finding | undefined {
  const rule = pattern === undefined ? undefined : new RegExp(pattern, 'u')
  if (rule?.test(value) === false) {
    const meant = durationOf(value)
    const problem = {
      rule: 'duration',
      message: 'must be a duration in seconds such as "1.5s"',
      found: JSON.stringify(value),
    } as const
    if (meant === undefined) return problem
    // As long as several lives: what was meant is clear, and still no duration.
    return rule.test(meant)
      ? { ...problem, proposed: meant }
      : { ...problem, more: ': at most nine digits stand before the point' }
  }
  if (duration === undefined || isWithin(duration, seconds(value))) return undefined
  return {
    rule: 'duration',
    message: `must be ${bounds({ gt: undefined, gte: undefined, lt: undefined, lte: undefined, ...duration }, (bound) => `${bound}s`)}`,
    found: value,
  }
}

/** Whether a number of seconds keeps the bounds. */
function isWithin({ gt, gte, lt, lte }: DurationBounds, value: number): boolean {
  return !(
    (gt !== undefined && value <= gt) ||
    (gte !== undefined && value < gte) ||
    (lt !== undefined && value >= lt) ||
    (lte !== undefined && value > lte)
  )
}
