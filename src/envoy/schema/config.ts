import { joinPath } from '../../krm/object.ts'
import { type EnvoyMinor, isOlder } from './minors.ts'
import { isPlain, re2Problems, refusingMinors, regexOf } from './regex.ts'
import { type CppRule, cppRules } from './rules/index.ts'
import { type SchemaSet, typeName } from './schema.ts'
import { TYPED_STRUCTS } from './type-names.ts'
import type { Violation } from './violation.ts'
import { type At, isObject, type JsonObject, pathOf, walk } from './walk.ts'

/**
 * What is checked: the value of a NETWORK_FILTER patch (`filter`) or one merged into istiod's filter of the same `@type`
 * (`typed-config-merge`, the typed_config alone), a typed_config alone, an EXTENSION_CONFIG's value, a whole cluster or
 * one merged into istiod's.
 */
export type ConfigKind = 'filter' | 'typed-config' | 'typed-config-merge' | 'extension' | 'cluster' | 'cluster-merge'

const DEFINITION: Readonly<Record<ConfigKind, string>> = {
  filter: 'envoy.config.listener.v3.Filter',
  'typed-config': 'any:network-filter',
  'typed-config-merge': 'any:network-filter',
  extension: 'extension:network-filter',
  cluster: 'envoy.config.cluster.v3.Cluster',
  'cluster-merge': 'envoy.config.cluster.v3.Cluster',
}

/** Violations that are certain, and regular expressions that only RE2's own grammar can judge. */
export interface Verdict {
  readonly violations: readonly Violation[]
  readonly regexes: readonly PendingRegex[]
}

export interface PendingRegex {
  readonly path: string
  readonly regex: string
  readonly minors: readonly EnvoyMinor[]
}

/** Checks a config for every minor of the range (oldest first), except for regular expressions that are not plain. */
export function judge(set: SchemaSet, kind: ConfigKind, value: unknown, minors: readonly EnvoyMinor[]): Verdict {
  const definition = DEFINITION[kind]
  // A function's own mistake; it is said and not thrown, as a function answers every input.
  if (set.$defs[definition] === undefined) {
    const message = `must be a config that the function declares: its envoy.json does not name ${definition}`
    return { violations: [{ path: '', rule: 'any-type', message, minors }], regexes: [] }
  }
  const regexes: PendingRegex[] = []
  const rules = rulesByMessage()
  const partial = kind.endsWith('-merge')
  const violations = walk(set, definition, value, { path: '', minors, range: minors, partial }, (message, own, at) => {
    const regex = regexOf(message, own)
    if (regex !== undefined && !isPlain(regex))
      regexes.push({ path: joinPath(pathOf(at), 'regex'), regex, minors: at.minors })
    // What a merge leaves out may stand in istiod's own message, and the rules cannot see that.
    return at.partial ? [] : (rules.get(message) ?? []).flatMap((rule) => broken(rule, own, at))
  })
  return { violations, regexes }
}

/**
 * Checks a config for every minor of the range (oldest first), regular expressions included. An empty list: the config
 * loads on each of them, as far as a config alone can tell (proof: test/envoy-api).
 */
export async function checkConfig(
  set: SchemaSet,
  kind: ConfigKind,
  value: unknown,
  minors: readonly EnvoyMinor[],
): Promise<readonly Violation[]> {
  const { violations, regexes } = judge(set, kind, value, minors)
  return regexes.length === 0 ? violations : [...violations, ...(await checkRegexes(regexes))]
}

/** Judges the expressions that `judge` left open; loads RE2's grammar for it. */
export async function checkRegexes(regexes: readonly PendingRegex[]): Promise<readonly Violation[]> {
  const problems = await re2Problems(regexes.map(({ regex }) => regex))
  return regexes.flatMap(({ path, minors }, i): readonly Violation[] => {
    const problem = problems[i]
    if (problem === undefined) return []
    const failing = refusingMinors(problem, minors)
    return failing.length === 0 ? [] : [{ path, rule: 'regex', message: problem.message, minors: failing }]
  })
}

/** The minors of the range on which a config fails, oldest first. */
export function failingMinors(violations: readonly Violation[], minors: readonly EnvoyMinor[]): readonly EnvoyMinor[] {
  return minors.filter((minor) => violations.some((violation) => violation.minors.includes(minor)))
}

/** The type and fields of a typed config, whether it is plain or wrapped in a TypedStruct. */
export function unwrapped(config: JsonObject): { readonly type: string; readonly value: unknown } {
  const { '@type': url, ...value } = config
  const type = typeof url === 'string' ? typeName(url) : ''
  if (!TYPED_STRUCTS.includes(type)) return { type, value }
  const inner = typeof config.type_url === 'string' ? typeName(config.type_url) : ''
  return { type: inner, value: isObject(config.value) ? config.value : {} }
}

let byMessage: ReadonlyMap<string, readonly CppRule[]> | undefined

/** Made when the first config is judged, and the same for all. */
function rulesByMessage(): ReadonlyMap<string, readonly CppRule[]> {
  if (byMessage !== undefined) return byMessage
  const rules = new Map<string, CppRule[]>()
  for (const rule of cppRules()) rules.set(rule.on, [...(rules.get(rule.on) ?? []), rule])
  byMessage = rules
  return rules
}

function broken(rule: CppRule, message: JsonObject, at: At): readonly Violation[] {
  return rule.find(message, at.range).flatMap((found): readonly Violation[] => {
    const minors = at.minors.filter((minor) => found.since === undefined || isOlder(minor, found.since))
    const path = found.at.reduce<string>(joinPath, pathOf(at))
    return minors.length === 0 ? [] : [{ path, rule: `envoy:${rule.name}`, message: found.message, minors }]
  })
}
