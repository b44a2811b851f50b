import { type Diagnostic, error } from '../krm/diagnostic.ts'
import type { Place } from '../krm/object.ts'
import { fail, type Outcome, ok } from '../krm/outcome.ts'
import { type IstioMinor, SUPPORTED_ISTIO } from './profile.ts'

/** `1.30`, `1.29 - 1.31`, or a list of such; ascending and without repetition. */
export function istioVersions(written: string | readonly string[], place: Place): Outcome<readonly IstioMinor[]> {
  const terms = typeof written === 'string' ? [written] : written
  const wanted = new Set<IstioMinor>()
  for (const term of terms) {
    const minors = expand(term)
    if (minors === undefined) return fail([unsupported(term, place)])
    for (const minor of minors) wanted.add(minor)
  }
  return wanted.size === 0 ? fail([unsupported('[]', place)]) : ok(SUPPORTED_ISTIO.filter((minor) => wanted.has(minor)))
}

/** The releases of one term; `undefined` unless all of them are supported. */
function expand(term: string): readonly IstioMinor[] | undefined {
  const [from = '', to = from, ...rest] = term.split('-').map((bound) => bound.trim())
  const first = SUPPORTED_ISTIO.indexOf(from)
  const last = SUPPORTED_ISTIO.indexOf(to)
  return rest.length > 0 || first < 0 || last < first ? undefined : SUPPORTED_ISTIO.slice(first, last + 1)
}

function unsupported(term: string, place: Place): Diagnostic {
  const range = `${SUPPORTED_ISTIO.at(0)} - ${SUPPORTED_ISTIO.at(-1)}`
  return error(
    place,
    `must be a release, a range or a list of releases of Istio among ${SUPPORTED_ISTIO.join(', ')}, such as "${range}", not "${term}"`,
    { currentValue: term, proposedValue: range },
  )
}
