import validateEnvoyFilter from '../../../schemas/generated/envoy-filter.js'
import type { EnvoyFilter } from '../../envoyfilter/envoy-filter.ts'
import { type Schemas, validate } from '../../envoyfilter/validate.ts'
import type { Place } from '../../krm/object.ts'
import { diagnosticsOf, resultOf } from '../../krm/outcome.ts'
import { istioVersions } from '../../mesh/istio-versions.ts'
import { SUPPORTED_ISTIO } from '../../mesh/profile.ts'
import { schemasOf } from '../../sdk/schemas-of.ts'
import { filtersOf, runOn, type Subject } from '../subject.ts'
import { list, nameOf, read, type View } from '../view.ts'

export async function schemas(subject: Subject, input: string): Promise<readonly string[]> {
  const run = await runOn(subject, input)
  if (typeof run === 'string') return [run]
  const known = schemasOf(subject.protocol, releases(run.view))
  const violations: string[] = []
  for (const filter of filtersOf(subject, run.view)) {
    const problems = isEnvoyFilter(filter)
      ? await refusals(filter, known)
      : [JSON.stringify(validateEnvoyFilter.errors)]
    violations.push(...[...problems, ...emptyPatches(filter)].map((problem) => `${nameOf(filter)} ${problem}`))
  }
  return violations
}

/** The range that the input asks for: of its functionConfig, else of its MeshProfile. */
function releases({ items, functionConfig }: View): readonly string[] {
  const profiles = items.map(({ value }) => value).filter((value) => read(value, 'kind') === 'MeshProfile')
  const written = [functionConfig, ...profiles].map((object) => read(object, 'spec', 'istio', 'versions'))
  const versions = written.find((value) => value !== undefined)
  const terms = typeof versions === 'string' ? [versions] : list(versions).map(String)
  return terms.length === 0 ? SUPPORTED_ISTIO : (resultOf(istioVersions(terms, NOWHERE)) ?? SUPPORTED_ISTIO)
}

const NOWHERE: Place = { source: { ref: { apiVersion: '', kind: '', name: '' }, item: -1 }, path: '' }

function isEnvoyFilter(value: unknown): value is EnvoyFilter {
  return validateEnvoyFilter(value)
}

async function refusals(filter: EnvoyFilter, known: Schemas): Promise<readonly string[]> {
  return diagnosticsOf(await validate(filter, NOWHERE, known)).map(({ message }) => message)
}

/** A patch without a value crashes istiod's translation, which costs every listener of the proxy. */
function emptyPatches(filter: unknown): readonly string[] {
  const patches = list(read(filter, 'spec', 'configPatches'))
  const empty = patches.filter((patch) => {
    const value: object = Object(read(patch, 'patch', 'value'))
    return Object.keys(value).length === 0
  })
  return [...(patches.length === 0 ? ['patches nothing'] : []), ...empty.map(() => 'has a patch without a value')]
}
