import {
  below,
  chain,
  type Diagnostics,
  error,
  fail,
  info,
  type L7Port,
  map,
  type Outcome,
  ok,
  type Place,
  remark,
  warning,
} from 'meltemi'
import { both } from './both.ts'
import { DEFAULT_SECRETS_DIRECTORY } from './config.ts'
import type { Auth, SecretReference } from './kinds.ts'
import type { RedisContext } from './prepared.ts'
import { type Fields, fieldsOfAll, namesAlone } from './secret-fields.ts'
import { listedSecret, type SecretField } from './secrets.ts'

/** Envoy's `core.v3.DataSource`. */
export type DataSource =
  | { readonly inline_string: string }
  | { readonly filename: string }
  | { readonly environment_variable: string }

export interface Credentials {
  readonly username?: DataSource
  readonly password: DataSource
}

/** Where an `auth` stands, and for which port. */
export interface AuthSite {
  readonly place: Place
  readonly namespace: string
  readonly port: L7Port
}

const NO_EDGES =
  'must not begin or end with white space: Envoy takes the whole text, a final newline included (a quoted string instead of a `|` block)'

/** What an `auth` becomes. No message ever holds a password or a user name. */
export function credentials(auth: Auth, site: AuthSite, context: RedisContext): Outcome<Credentials> {
  const { plain, secret } = auth
  if ((plain === undefined) === (secret === undefined))
    return fail([error(site.place, 'must hold exactly one of `plain` and `secret`')])
  if (secret !== undefined) return fromSecret(secret, site, context)
  if (plain === undefined) return fail([])
  const message =
    'puts the password in clear text into the EnvoyFilter, where everybody who reads Git or the cluster finds it; a `secret` becomes a file of the sidecar instead'
  const { password, username = '' } = plain
  const edged = Object.entries({ password, username }).filter(([, text]) => text !== text.trim())
  if (edged.length > 0) return fail(edged.map(([name]) => error(below(below(site.place, 'plain'), name), NO_EDGES)))
  const value = {
    password: { inline_string: password },
    ...(username === '' ? {} : { username: { inline_string: username } }),
  }
  return remark(value, [warning(below(site.place, 'plain'), message)])
}

function fromSecret(reference: SecretReference, site: AuthSite, context: RedisContext): Outcome<Credentials> {
  const place = below(site.place, 'secret')
  const mode = context.config.secrets ?? 'file'
  const listed = listedSecret(context.prepared.secrets, site.namespace, reference.name)
  if (listed === undefined && mode === 'inline') {
    const message = `must name a Secret of the list, as \`secrets: inline\` asks for its value: ${site.namespace}/${reference.name} is not there`
    return fail([error(below(place, 'name'), message, { currentValue: reference.name })])
  }
  const known = listed === undefined ? ok(namesAlone(reference)) : fieldsOfAll(listed, reference, place, mode)
  return chain(known, (fields) => {
    const source = (field: SecretField): Outcome<DataSource> => dataSource(field, reference, mode, context)
    const username = fields.username === undefined ? ok(undefined) : source(fields.username)
    const value = both(source(fields.password), username, (password, name) => ({
      password,
      ...(name === undefined ? {} : { username: name }),
    }))
    return chain(value, (found) => remark(found, remarks(mode, reference, fields, place, site, context)))
  })
}

function dataSource(
  field: SecretField,
  { name }: SecretReference,
  mode: string,
  { config }: RedisContext,
): Outcome<DataSource> {
  if (field.fault !== undefined) return fail([error(field.place, field.fault)])
  if (mode === 'inline') return inline(field)
  const checked = field.value === undefined ? ok(undefined) : checkFile(field)
  return map(
    checked,
    (): DataSource =>
      mode === 'environment'
        ? { environment_variable: variable(name, field.name) }
        : { filename: `${config.secretsDirectory ?? DEFAULT_SECRETS_DIRECTORY}/${name}/${field.name}` },
  )
}

function inline({ value, place }: SecretField): Outcome<DataSource> {
  const text = value?.trim() ?? ''
  return text === '' ? fail([error(place, 'must not be empty')]) : ok({ inline_string: text })
}

/** Envoy takes the file as it is; Redis then gets a password with a line feed. */
function checkFile({ value = '', place }: SecretField): Outcome<undefined> {
  if (value === '') return fail([error(place, 'must not be empty')])
  if (value === value.trim()) return ok(undefined)
  return fail([
    error(
      place,
      'must not begin or end with white space: Envoy takes the whole value, a final newline included, for the password (`echo -n`, or a literal instead of a `|` block)',
    ),
  ])
}

function variable(secret: string, field: string): string {
  return `REDIS_${secret}_${field}`.toUpperCase().replace(/[^A-Z0-9]/g, '_')
}

function remarks(
  mode: string,
  { name }: SecretReference,
  fields: Fields,
  place: Place,
  { port }: AuthSite,
  { config, profile }: RedisContext,
): Diagnostics {
  if (mode === 'inline')
    return [
      warning(
        place,
        `puts values of Secret ${name} in clear text into the EnvoyFilter, as \`secrets: inline\` asks: everybody who reads Git or the cluster finds them`,
      ),
    ]
  const everybody = port.clientNamespaces.includes(profile.rootNamespace)
  const who = everybody
    ? 'every sidecar of the mesh'
    : `every sidecar of ${port.clientNamespaces.map((one) => `namespace ${one}`).join(', ')}`
  const narrow = everybody ? "; narrow the clients with the service's `exportTo` or `clientScope`" : ''
  const names = [fields.password, ...(fields.username === undefined ? [] : [fields.username])]
  const how =
    mode === 'environment'
      ? `must have the environment variable${names.length > 1 ? 's' : ''} ${names.map((field) => variable(name, field.name)).join(' and ')} (an injection template can set it from a Secret)`
      : `must mount Secret ${name} of its pod's own namespace, by these annotations of the pod template: ${annotations(name, config.secretsDirectory ?? DEFAULT_SECRETS_DIRECTORY)}`
  const message = `the filter reaches ${who}, and each ${how}; without it Envoy refuses the service's listener${narrow}. No newline may end the value`
  return [everybody ? warning(place, message) : info(place, message)]
}

/** Ready to paste: Istio's injector reads both as JSON. */
function annotations(secret: string, directory: string): string {
  const volume = `redis-${secret.replaceAll('.', '-')}`
  const volumes = JSON.stringify([{ name: volume, secret: { secretName: secret } }])
  const mounts = JSON.stringify([{ name: volume, mountPath: `${directory}/${secret}`, readOnly: true }])
  return `sidecar.istio.io/userVolume: '${volumes}' and sidecar.istio.io/userVolumeMount: '${mounts}'`
}
