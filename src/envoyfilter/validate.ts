import { type Diagnostic, error } from '../krm/diagnostic.ts'
import type { Place } from '../krm/object.ts'
import { fail, type Outcome, ok } from '../krm/outcome.ts'
import type { SchemaError, SchemaValidator } from '../krm/schema-validator.ts'
import type { EnvoyFilter } from './envoy-filter.ts'

/** Closed-world schemas: of the EnvoyFilter itself, and of the typed configs it may carry, by `@type`. */
export interface Schemas {
  readonly envoyFilter: SchemaValidator
  readonly typedConfigs: Readonly<Record<string, SchemaValidator>>
}

/**
 * Nothing leaves that breaks a schema: Istio's CRD checks nothing inside `patch.value`, and what Envoy rejects leaves a
 * service without its listener. The error stands at the port that asked for the filter, and names Envoy's field.
 */
export function validate(filter: EnvoyFilter, place: Place, schemas: Schemas): Outcome<EnvoyFilter> {
  const diagnostics = violations(filter, '', schemas.envoyFilter, place)
  for (const { path, config } of typedConfigs(filter.spec, '/spec')) {
    const schema = schemas.typedConfigs[config['@type']]
    if (schema === undefined) {
      const message = `EnvoyFilter ${filter.metadata.name}: no schema for \`${config['@type']}\` at \`${path}\`: the protocol must bring one (\`schemas\`)`
      diagnostics.push(error(place, message))
    } else {
      diagnostics.push(...violations(config, path, schema, place))
    }
  }
  return diagnostics.length === 0 ? ok(filter) : fail(diagnostics)
}

function violations(value: unknown, path: string, schema: SchemaValidator, place: Place): Diagnostic[] {
  if (schema(value)) return []
  return (schema.errors ?? [])
    .filter(({ keyword }) => keyword !== 'if')
    .map((violation) =>
      error(
        place,
        `makes an EnvoyFilter that Envoy would refuse: \`${path}${violation.instancePath}\` ${rule(violation)}`,
      ),
    )
}

function rule({ message = 'breaks its schema', params, keyword, data }: SchemaError): string {
  const detail = keyword === 'additionalProperties' ? ` (\`${String(params.additionalProperty)}\`)` : ''
  const value = typeof data === 'string' || typeof data === 'number' ? `, not ${JSON.stringify(data)}` : ''
  return `${message}${detail}${value}`
}

interface Found {
  readonly path: string
  readonly config: Readonly<Record<string, unknown>> & { readonly '@type': string }
}

function* typedConfigs(value: unknown, path: string): Generator<Found> {
  if (typeof value !== 'object' || value === null) return
  if (isTyped(value)) yield { path, config: value }
  for (const [key, child] of Object.entries(value)) yield* typedConfigs(child, `${path}/${key}`)
}

function isTyped(value: object): value is Found['config'] {
  return '@type' in value && typeof value['@type'] === 'string'
}
