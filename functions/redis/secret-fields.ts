import { below, describe, error, fail, type Outcome, ok, type Place, resultOf } from 'meltemi'
import type { SecretReference } from './kinds.ts'
import {
  describeCopies,
  fieldOf,
  type ListedSecret,
  type SecretCopy,
  type SecretField,
  shapeFaults,
} from './secrets.ts'

/** The fields of a Secret that an `auth` asks for. */
export interface Fields {
  readonly password: SecretField
  readonly username?: SecretField
}

/** Without the Secret, what its fields are called is all that can be known. */
function namesAlone({ passwordField = 'password', usernameField }: SecretReference): Fields {
  return {
    password: { name: passwordField },
    ...(usernameField === undefined ? {} : { username: { name: usernameField } }),
  }
}

/** The fields that are asked for, as far as the list says what the Secret has. */
export function knownFields(
  listed: ListedSecret | undefined,
  reference: SecretReference,
  place: Place,
  mode: string,
): Outcome<Fields> {
  return listed === undefined ? ok(namesAlone(reference)) : fieldsOfAll(listed, reference, place, mode)
}

/** The fields that are asked for, where every copy of the Secret gives the same filter. */
function fieldsOfAll(listed: ListedSecret, reference: SecretReference, place: Place, mode: string): Outcome<Fields> {
  const name = below(place, 'name')
  const unread = listed.filter(({ value }) => value === undefined)
  if (unread.length > 0)
    return fail([error(name, `must name a Secret whose fields are known, but ${describeCopies(unread)} is not YAML`)])
  const [only, ...others] = listed
  if (mode === 'inline' && !only.isSound && others.length === 0) {
    const message = `must name a Secret without errors, as \`secrets: inline\` asks for its value: ${describeCopies(listed)} has some`
    return fail([error(name, message)])
  }
  const answer = fieldsOf(reference, place, only)
  if (others.every((copy) => answerOf(fieldsOf(reference, place, copy), mode) === answerOf(answer, mode))) return answer
  const what = mode === 'inline' ? 'passwords' : 'fields'
  const message = `must name a Secret that the list has once, but it has ${describeCopies(listed)}, and which of their ${what} holds cannot be known: keep one of them`
  return fail([error(name, message)])
}

/** Equal where the filter is. */
function answerOf(outcome: Outcome<Fields>, mode: string): string {
  const fields = resultOf(outcome)
  if (fields === undefined) return ''
  const { password, username } = fields
  return JSON.stringify(mode === 'inline' ? [password.value, username?.value] : [password.name, username?.name])
}

/** Aeraki's rule for the password: `passwordField`, else `password`, else `token`. Its documented default for the user name, `username`, holds here. */
function fieldsOf(
  { passwordField, usernameField }: SecretReference,
  place: Place,
  secret: SecretCopy,
): Outcome<Fields> {
  const faults = shapeFaults(secret)
  if (faults.length > 0) return fail(faults)
  const names = passwordField === undefined ? ['password', 'token'] : [passwordField]
  const found = names.map((name) => fieldOf(secret, name)).find((field) => field !== undefined)
  const user = fieldOf(secret, usernameField ?? 'username')
  const whose = describe(secret.source.ref)
  const said = [
    ...(found === undefined
      ? [
          passwordField === undefined
            ? lacks(below(place, 'name'), '`password` or `token`', whose)
            : lacks(below(place, 'passwordField'), 'the field that is named here', whose),
        ]
      : []),
    ...(user === undefined && usernameField !== undefined
      ? [lacks(below(place, 'usernameField'), 'the field that is named here', whose)]
      : []),
  ]
  if (found === undefined || said.length > 0) return fail(said)
  return ok({ password: found, ...(user === undefined ? {} : { username: user }) })
}

/** What is written where a field's name belongs may be the password itself, so it is not quoted. */
function lacks(place: Place, what: string, secret: string) {
  return error(place, `${secret} must have ${what} in \`data\` or \`stringData\``)
}
