import { compare } from '../krm/compare.ts'
import { type Diagnostic, type Diagnostics, error, warning } from '../krm/diagnostic.ts'
import { API_VERSION } from '../krm/function-config.ts'
import { at, below, describe, type KubernetesObject, type Place, type Sourced } from '../krm/object.ts'
import { fail, type Outcome, remark } from '../krm/outcome.ts'
import { schemaDiagnostics } from '../krm/schema-diagnostics.ts'
import type { SchemaValidator } from '../krm/schema-validator.ts'
import type { MeshProfile } from './profile.ts'
import { checkedProfile, type ProfileSpec, type SpecPlaces } from './profile-spec.ts'

/** Profile fields of a functionConfig, and where its `spec` stands; what is said there wins over the MeshProfile. */
export interface ProfileOverrides {
  readonly fields: Readonly<Record<string, unknown>>
  readonly place: Place
}

/**
 * The profile that a render goes by. Unknown fields, wrong types and values out of range are errors, and then there is
 * no profile: with a wrong one every further message would mislead.
 *
 * @param schema `schemas/mesh-profile.schema.json`, compiled
 */
export function readProfile(
  meshProfiles: readonly Sourced<KubernetesObject>[],
  schema: SchemaValidator,
  overrides?: ProfileOverrides,
): Outcome<MeshProfile> {
  const problems = [
    ...severalProfiles(meshProfiles),
    ...meshProfiles.flatMap(({ value, source }) => schemaDiagnostics(value, schema, at(source, ''))),
    ...(overrides === undefined ? [] : overrideProblems(overrides, schema)),
  ].map(unquotedVersion)
  if (problems.length > 0) return fail(problems)
  const own = meshProfiles.at(0)
  const places: SpecPlaces = (field) =>
    overrides !== undefined && field in overrides.fields
      ? below(overrides.place, field)
      : own === undefined
        ? undefined
        : at(own.source, `spec.${field}`)
  // The schema has just accepted both halves, so that the whole has the shape that it describes.
  const spec = { ...(own?.value.spec as ProfileSpec | undefined), ...(overrides?.fields as ProfileSpec | undefined) }
  const checked = checkedProfile(spec, places)
  return 'problems' in checked ? fail(checked.problems) : remark(checked.profile, meshProfiles.flatMap(notLocal))
}

/** Merging two profiles, or taking either, would be a guess. */
function severalProfiles(profiles: readonly Sourced<KubernetesObject>[]): Diagnostics {
  if (profiles.length < 2) return []
  const names = profiles.map(({ source }) => describe(source.ref)).sort(compare)
  return profiles.map(({ source }) =>
    error(at(source, 'kind'), `must be the only MeshProfile of the list, which holds ${names.join(' and ')}`),
  )
}

/** The object that the schema describes, of fields that stand in a functionConfig. */
export function wholeProfile(spec: ProfileOverrides['fields']): Readonly<Record<string, unknown>> {
  return { apiVersion: API_VERSION, kind: 'MeshProfile', metadata: {}, spec }
}

function overrideProblems({ fields, place }: ProfileOverrides, schema: SchemaValidator): Diagnostics {
  return schemaDiagnostics(wholeProfile(fields), schema, at(place.source, '')).map((problem) => ({
    ...problem,
    // The fields stand in `spec` of a typed functionConfig, in `data` of a ConfigMap.
    place: { source: place.source, path: place.path + (problem.place?.path ?? '').replace(/^spec/, '') },
  }))
}

/** `versions: 1.30` is the number 1.3 to YAML, which no message about types would tell. */
function unquotedVersion(problem: Diagnostic): Diagnostic {
  const { place, currentValue } = problem
  if (typeof currentValue !== 'number' || place === undefined) return problem
  if (!/\bistio\.versions(\[\d+\])?$/.test(place.path)) return problem
  return {
    ...problem,
    message: `must be in quotes, such as "1.30": without them YAML reads the number ${currentValue}`,
  }
}

function notLocal({ value, source }: Sourced<KubernetesObject>): Diagnostics {
  if (value.metadata.annotations?.['config.kubernetes.io/local-config'] === 'true') return []
  const message =
    'should have the annotation `config.kubernetes.io/local-config: "true"`: the object is for the render, and a cluster has no such kind'
  return [warning(at(source, 'metadata'), message)]
}
