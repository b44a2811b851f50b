import { error, fail, type Outcome, ok, type Place, protoDuration } from 'meltemi'

/** A duration of more than nothing, in protobuf's JSON form. */
export function duration(text: string, place: Place): Outcome<string> {
  const value = protoDuration(text)
  if (value !== undefined && value !== '0s') return ok(value)
  const message = 'must be a duration above zero and below a billion seconds, such as `5s`, `0.5s` or `250ms`'
  return fail([error(place, message, { currentValue: text })])
}

/** The same where the field may be absent. */
export function optionalDuration(text: string | undefined, place: Place): Outcome<string | undefined> {
  return text === undefined ? ok(undefined) : duration(text, place)
}
