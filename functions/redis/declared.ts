import {
  at,
  type Diagnostics,
  type KubernetesObject,
  namespaceOf,
  type Place,
  type SchemaValidator,
  type Sourced,
  schemaDiagnostics,
} from 'meltemi'
import { urlsIn } from './urls.ts'

/** An object of one of our own kinds whose `spec` has been held against its schema. */
export interface Declared<Spec> {
  readonly spec: Spec
  /** Of `spec`. */
  readonly place: Place
  readonly namespace: string
}

/** Reads `spec`; what `null` says is what is left out says. */
export function readSpec<Spec>(
  { value, source }: Sourced<KubernetesObject>,
  schema: SchemaValidator,
): { readonly declared?: Declared<Spec>; readonly diagnostics: Diagnostics } {
  const place = at(source, 'spec')
  const spec = withoutNulls(value.spec ?? {})
  const diagnostics = [...schemaDiagnostics(spec, schema, place), ...urlsIn(spec, place)]
  if (diagnostics.length > 0) return { diagnostics }
  // The schema has said so just now.
  return { declared: { spec: spec as Spec, place, namespace: namespaceOf(source.ref) }, diagnostics }
}

/** The same value where nothing is `null` inside, as nearly always: a copy of every spec would cost more than reading it. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !hasNull(value)) return value
  if (Array.isArray(value)) return value.map(withoutNulls)
  const present = Object.entries(value).filter(([, field]) => field !== null)
  return Object.fromEntries(present.map(([name, field]) => [name, withoutNulls(field)]))
}

function hasNull(value: object): boolean {
  for (const inner of Object.values(value))
    if (inner === null || (typeof inner === 'object' && hasNull(inner))) return true
  return false
}
