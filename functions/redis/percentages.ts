import {
  error,
  FINEST_PERCENTAGE,
  fail,
  type Outcome,
  ok,
  type Place,
  type RuntimeFractionalPercent,
  runtimeFraction,
} from 'meltemi'

/** A percentage as Envoy says it. */
export function fraction(percentage: number, place: Place): Outcome<RuntimeFractionalPercent> {
  const value = runtimeFraction(percentage)
  if (value !== undefined) return ok(value)
  const message = `must be a multiple of ${FINEST_PERCENTAGE}, the finest step that Envoy knows`
  return fail([error(place, message, { currentValue: percentage })])
}
