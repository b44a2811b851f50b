import type { DescEnum, DescField, JsonObject } from '@bufbuild/protobuf'
import type { SchemaObject } from '../../src/envoy/schema/schema.ts'
import type { Api } from './descriptors.ts'
import { mapRules, rulesOf } from './rules.ts'

function excluded(api: Api, type: DescEnum, rules: JsonObject): ReadonlySet<number> {
  const notIn = rulesOf(rules, 'enum').notIn
  const disallowed = type.values.filter((value) => api.flag(value, 'envoy.annotations.disallowed_by_default_enum'))
  return new Set([...(Array.isArray(notIn) ? notIn.map(Number) : []), ...disallowed.map((value) => value.number)])
}

/** The names of an enum that Envoy takes: without those that a rule or an operator's default refuses. */
export function enumSchema(api: Api, type: DescEnum, rules: JsonObject): SchemaObject {
  mapRules(rules)
  const out = excluded(api, type, rules)
  return { type: 'string', enum: type.values.filter((value) => !out.has(value.number)).map((value) => value.name) }
}

/** Whether a field without a value, which is its enum's zero, is refused. */
export function zeroRefused(api: Api, field: DescField, rules: JsonObject): boolean {
  return field.fieldKind === 'enum' && excluded(api, field.enum, rules).has(0)
}
