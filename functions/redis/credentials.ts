import { below, chain, error, fail, type L7Port, map, type Outcome, ok, type Place, remark, warning } from 'meltemi'
import { both } from './both.ts'
import { DEFAULT_SECRETS_DIRECTORY } from './config.ts'
import type { Auth, SecretReference } from './kinds.ts'
import type { RedisContext } from './prepared.ts'
import { knownFields } from './secret-fields.ts'
import { secretRemarks, variable } from './secret-remarks.ts'
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

/** Where an `auth` stands, for which port, and who says the password: clients to redis_proxy, or that to the servers. */
export interface AuthSite {
  readonly saidBy: 'clients' | 'proxy'
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
  return chain(knownFields(listed, reference, place, mode), (fields) => {
    const source = (field: SecretField): Outcome<DataSource> => dataSource(field, reference, mode, context)
    const username = fields.username === undefined ? ok(undefined) : source(fields.username)
    const value = both(source(fields.password), username, (password, name) => ({
      password,
      ...(name === undefined ? {} : { username: name }),
    }))
    return chain(value, (found) => remark(found, secretRemarks(reference, fields, place, site, context)))
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
