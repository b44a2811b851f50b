import {
  type ConfigKind,
  checkRegexes,
  type EnvoyMinor,
  explain,
  judge,
  type SchemaSet,
  typeName,
  unwrapped,
  type Violation,
} from '../envoy/schema/index.ts'
import { type Diagnostic, error } from '../krm/diagnostic.ts'
import type { Place } from '../krm/object.ts'
import { fail, type Outcome, ok } from '../krm/outcome.ts'
import type { SchemaError, SchemaValidator } from '../krm/schema-validator.ts'
import type { ConfigPatch, EnvoyFilter } from './envoy-filter.ts'

/** Closed-world knowledge of everything that an EnvoyFilter may carry. */
export interface Schemas {
  readonly envoyFilter: SchemaValidator
  /** Envoy's API, as far as the protocol emits it. Absent: every type that it emits is its own. */
  readonly envoy?: SchemaSet
  /** Types that Envoy's API does not have, by `@type` (`type.googleapis.com/...`): a proprietary protocol brings its own. */
  readonly own?: Readonly<Record<string, SchemaValidator>>
  /** The Envoy minors that the output must load on, oldest first. */
  readonly minors: readonly EnvoyMinor[]
  /** Regular expressions that were refused where a person wrote them: what holds one does not leave, and needs no second error. */
  readonly refusedRegexes?: ReadonlySet<string>
}

/**
 * Nothing leaves that breaks a schema on some minor of the range: Istio's CRD checks nothing inside `patch.value`, and what
 * Envoy rejects leaves a service without its listener. The error stands at the port that asked for the filter, and names
 * Envoy's field, the rule and the releases.
 */
export async function validate(filter: EnvoyFilter, place: Place, schemas: Schemas): Promise<Outcome<EnvoyFilter>> {
  const diagnostics = violations(filter, '', schemas.envoyFilter, place)
  if (diagnostics.length > 0) return fail(diagnostics)
  let isRefused = false
  for (const [index, patch] of filter.spec.configPatches.entries()) {
    const path = `spec.configPatches[${index}].patch.value`
    const found = await patchDiagnostics(patch, path, place, schemas)
    if (found === undefined) isRefused = true
    else diagnostics.push(...found)
  }
  return diagnostics.length === 0 && !isRefused ? ok(filter) : fail(diagnostics)
}

/** What is wrong with a patch; `undefined`: something that has been said already. */
async function patchDiagnostics(
  patch: ConfigPatch,
  path: string,
  place: Place,
  schemas: Schemas,
): Promise<readonly Diagnostic[] | undefined> {
  const judged = configOf(patch)
  if (judged === undefined) return []
  // The definition was warned of: nothing is known of what it emits.
  if (schemas.own === undefined && schemas.envoy === undefined) return []
  const own = ownSchema(judged.config, schemas.own ?? {})
  if (own !== undefined) return violations(own.value, `${path}.typed_config`, own.schema, place)
  if (schemas.envoy === undefined)
    return [
      error(place, `makes an EnvoyFilter with a config of no known schema at \`${path}\`: the protocol must bring one`),
    ]
  const { violations: found, regexes } = judge(schemas.envoy, judged.kind, judged.config, schemas.minors)
  const open = regexes.filter(({ regex }) => schemas.refusedRegexes?.has(regex) !== true)
  const all = [...found, ...(await checkRegexes(open))]
  if (all.length === 0 && open.length < regexes.length) return undefined
  const root = judged.kind === 'typed-config-merge' ? `${path}.typed_config` : path
  return all.map((violation) => refused(violation, root, place, schemas.minors))
}

interface Judged {
  readonly kind: ConfigKind
  readonly config: Readonly<Record<string, unknown>>
}

function configOf(patch: ConfigPatch): Judged | undefined {
  switch (patch.applyTo) {
    case 'NETWORK_FILTER':
      return patch.patch.operation === 'MERGE'
        ? { kind: 'typed-config-merge', config: patch.patch.value.typed_config }
        : { kind: 'filter', config: { ...patch.patch.value } }
    case 'CLUSTER':
      return { kind: patch.patch.operation === 'ADD' ? 'cluster' : 'cluster-merge', config: patch.patch.value }
    case 'EXTENSION_CONFIG':
      return { kind: 'extension', config: { ...patch.patch.value } }
  }
}

/** The protocol's own schema of a filter's config, plain or in a TypedStruct. */
function ownSchema(config: Readonly<Record<string, unknown>>, own: NonNullable<Schemas['own']>) {
  const typed = config.typed_config
  if (typeof typed !== 'object' || typed === null) return undefined
  const { type, value } = unwrapped({ ...typed })
  const entry = Object.entries(own).find(([url]) => typeName(url) === type)
  // A plain config is judged with its `@type`, as a schema for it is written.
  return entry === undefined
    ? undefined
    : { schema: entry[1], value: '@type' in typed && 'type_url' in typed ? value : typed }
}

function refused(violation: Violation, root: string, place: Place, range: readonly EnvoyMinor[]): Diagnostic {
  const { path } = violation
  const where = path === '' ? root : `${root}${path.startsWith('[') ? '' : '.'}${path}`
  return error(place, `makes an EnvoyFilter that Envoy would refuse: ${explain({ ...violation, path: where }, range)}`)
}

function violations(value: unknown, path: string, schema: SchemaValidator, place: Place): Diagnostic[] {
  if (schema(value)) return []
  return (schema.errors ?? [])
    .filter(({ keyword }) => keyword !== 'if')
    .map((violation) =>
      error(
        place,
        `makes an EnvoyFilter that breaks its schema: \`${path}${violation.instancePath}\` ${rule(violation)}`,
      ),
    )
}

function rule({ message = 'breaks its schema', params, keyword }: SchemaError): string {
  return keyword === 'additionalProperties' ? `${message} (\`${String(params.additionalProperty)}\`)` : message
}
