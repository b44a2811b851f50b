import validateProfile from '../../schemas/generated/mesh-profile.js'
import { current, error } from '../krm/diagnostic.ts'
import { type Fields, isFields } from '../krm/fields.ts'
import { type FunctionConfig, nestStrings, readFunctionConfig } from '../krm/function-config.ts'
import { below, type KubernetesObject, type Place, type Sourced } from '../krm/object.ts'
import { chain, diagnosticsOf, fail, map, type Outcome, ok, remark, resultOf } from '../krm/outcome.ts'
import type { ResourceList } from '../krm/resource-list.ts'
import { schemaDiagnostics, unknownField } from '../krm/schema-diagnostics.ts'
import { type MeshProfile, PROFILE_FIELDS } from '../mesh/profile.ts'
import { readProfile, wholeProfile } from '../mesh/read-profile.ts'
import { fromStrings } from './from-strings.ts'
import type { Protocol } from './protocol.ts'

/** Everything that steers a render besides the mesh itself. */
export interface Settings<Config> {
  readonly profile: MeshProfile
  readonly config: Config
  /** The folder, relative to the package, that generated files go to. */
  readonly directory: string
  /** Of the functionConfig's fields; absent when there is none. */
  readonly configPlace?: Place
}

/** `spec` of the functionConfig is three in one: fields of the MeshProfile, which it overrides, our own, and the protocol's. */
interface Spec {
  readonly profile: Fields
  readonly own: Fields
  readonly protocol: Fields
  /** Absent when there is no functionConfig. */
  readonly place?: Place
}

const OWN_FIELDS: readonly string[] = ['outputDirectory']
const DEFAULT_DIRECTORY = 'meltemi'

/** Reads the functionConfig and the MeshProfile of the list. No config is a good config. */
export function readSettings<Config>(
  list: ResourceList,
  meshProfiles: readonly Sourced<KubernetesObject>[],
  protocol: Protocol<Config>,
): Outcome<Settings<Config>> {
  const spec = chain(readFunctionConfig(list, protocol.kind), (config) => readSpec(config, protocol))
  return chain(spec, (value) => {
    const overrides = value.place === undefined ? undefined : { fields: value.profile, place: value.place }
    const profile = readProfile(meshProfiles, validateProfile, overrides)
    const directory = readDirectory(value)
    const config = readProtocolFields(value, protocol)
    const [profileValue, directoryValue, configValue] = [resultOf(profile), resultOf(directory), resultOf(config)]
    const said = [...diagnosticsOf(profile), ...diagnosticsOf(directory), ...diagnosticsOf(config)]
    if (profileValue === undefined || directoryValue === undefined || configValue === undefined) return fail(said)
    const settings: Settings<Config> = {
      profile: profileValue,
      directory: directoryValue,
      config: configValue,
      ...(value.place === undefined ? {} : { configPlace: value.place }),
    }
    return remark(settings, said)
  })
}

function readSpec<Config>(config: FunctionConfig, protocol: Protocol<Config>): Outcome<Spec> {
  switch (config.kind) {
    case 'none':
      return ok({ profile: {}, own: {}, protocol: {} })
    case 'typed':
      return ok(split(config.spec, config.place))
    case 'strings':
      return map(nestStrings(config.data, config.place), (data) => {
        const spec = split(data, config.place)
        const profile = profileFromStrings(spec.profile)
        return {
          ...spec,
          profile,
          protocol: protocol.config === undefined ? spec.protocol : fromStrings(spec.protocol, protocol.config),
        }
      })
  }
}

function profileFromStrings({ addresses, ...others }: Fields): Fields {
  // A host is one key, and the dots in it are its own: `addresses.orders.shop.dubbo`.
  const fields = { ...others, ...(addresses === undefined ? {} : { addresses: joined(addresses) }) }
  const { spec } = fromStrings(wholeProfile(fields), validateProfile)
  return isFields(spec) ? spec : fields
}

function joined(tree: unknown): unknown {
  if (!isFields(tree)) return tree
  const leaves = (fields: Fields, above: string): readonly (readonly [string, unknown])[] =>
    Object.entries(fields).flatMap(([name, value]) =>
      isFields(value) ? leaves(value, `${above}${name}.`) : [[`${above}${name}`, addressList(value)] as const],
    )
  return Object.fromEntries(leaves(tree, ''))
}

function addressList(value: unknown): unknown {
  return typeof value === 'string' ? value.split(',').map((address) => address.trim()) : value
}

function split(fields: Fields, place: Place): Spec {
  const those = (isWanted: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => isWanted(name)))
  return {
    profile: those((name) => PROFILE_FIELDS.includes(name)),
    own: those((name) => OWN_FIELDS.includes(name)),
    protocol: those((name) => !PROFILE_FIELDS.includes(name) && !OWN_FIELDS.includes(name)),
    place,
  }
}

function readDirectory({ own, place }: Spec): Outcome<string> {
  const { outputDirectory: value } = own
  if (value === undefined || value === null || place === undefined) return ok(DEFAULT_DIRECTORY)
  // Hosts refuse paths that leave the package; `..` and an absolute path would fail after the function said it passed.
  if (typeof value === 'string' && /^[^/\s][^\s]*$/.test(value) && !value.split('/').includes('..'))
    return ok(value.replace(/\/+$/, ''))
  const message = 'must be a path below the package, such as `generated/mesh`: relative, without `..`'
  return fail([error(below(place, 'outputDirectory'), message, current(value))])
}

function readProtocolFields<Config>(
  { protocol: fields, place }: Spec,
  { config: schema }: Protocol<Config>,
): Outcome<Config> {
  // The schema is what says that the fields are the protocol's `Config`; `{}` is what every protocol must accept.
  const value = fields as Config
  if (place === undefined) return ok(value)
  const found =
    schema === undefined ? unknownFields(fields, place) : schemaDiagnostics(fields, schema, place, SHARED_FIELDS)
  return found.length === 0 ? ok(value) : fail(found)
}

const SHARED_FIELDS = [...OWN_FIELDS, ...PROFILE_FIELDS]

function unknownFields(fields: Fields, place: Place) {
  return Object.keys(fields).map((name) => unknownField(below(place, name), name, SHARED_FIELDS))
}
