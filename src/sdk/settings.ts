import { type Diagnostics, error } from '../krm/diagnostic.ts'
import { type FunctionConfig, readFunctionConfig } from '../krm/function-config.ts'
import { at, below, type KubernetesObject, type Place, type Sourced } from '../krm/object.ts'
import { chain, fail, map, ok, type Outcome } from '../krm/outcome.ts'
import type { ResourceList } from '../krm/resource-list.ts'
import { schemaDiagnostics, unknownField } from '../krm/schema-diagnostics.ts'
import type { SchemaValidator } from '../krm/schema-validator.ts'
import { type MeshProfile, PROFILE_FIELDS, readProfile } from '../mesh/profile.ts'
import validateProfile from '../../schemas/generated/mesh-profile.js'
import { fromStrings } from './from-strings.ts'
import type { Protocol } from './protocol.ts'

/** Everything that steers a render besides the mesh itself. */
export interface Settings<Config> {
  readonly profile: MeshProfile
  readonly config: Config
  /** The folder, relative to the package, that generated files go to. */
  readonly directory: string
}

const DEFAULT_DIRECTORY = 'meltemi'

/** `spec` of the functionConfig is three things in one: profile fields, our own `outputDirectory`, and the protocol's fields. */
interface Spec {
  readonly profile: Readonly<Record<string, unknown>>
  readonly own: Readonly<Record<string, unknown>>
  readonly directory: unknown
  readonly place: Place | undefined
}

/** Reads the functionConfig and the MeshProfile of the list. No config is a good config. */
export function readSettings<Config>(
  list: ResourceList,
  meshProfiles: readonly Sourced<KubernetesObject>[],
  protocol: Protocol<Config>,
): Outcome<Settings<Config>> {
  return chain(readFunctionConfig(list, protocol.kind), (functionConfig) => {
    const spec = split(functionConfig, protocol.config)
    return chain(readProfile(meshProfiles, validateProfile, overrides(spec)), (profile) =>
      chain(readDirectory(spec), (directory) => map(readOwn(spec, protocol), (config) => ({ profile, config, directory }))),
    )
  })
}
