import type { HTTPMatchRequest, StringMatch as IstioStringMatch, L4Match } from '../istio/virtual-service.ts'
import { compare } from '../krm/compare.ts'
import { below, type Place } from '../krm/object.ts'
import type { HeaderMatch, RouteMatch, StringMatch } from './l7-port.ts'
import { bindsSidecars } from './mesh.ts'

/** Fields of a match that say nothing about a call, or are resolved here. */
const settled: ReadonlySet<string> = new Set(['name', 'statPrefix', 'port', 'gateways', 'ignoreUriCase'])
const carried: ReadonlySet<string> = new Set(['method', 'headers', 'withoutHeaders'])

/** Whether a match can apply to a sidecar's calls to this port. */
export function applies({ port, gateways }: L4Match, number: number): boolean {
  return (port === undefined || port === number) && bindsSidecars(gateways)
}

/**
 * A match as conditions that a protocol can check. `undefined` where it has others (`uri`, `sourceLabels`, ...): left
 * out of the route it would match more calls than its author asked for, so the whole match is left out, and its
 * features say so.
 */
export function routeMatch(match: HTTPMatchRequest, place: Place): RouteMatch | undefined {
  if (hasOther(match, new Set([...settled, ...carried]))) return undefined
  const method = match.method === undefined ? undefined : stringMatch(match.method, below(place, 'method'))
  const headers = headerMatches(match.headers, below(place, 'headers'))
  const withoutHeaders = headerMatches(match.withoutHeaders, below(place, 'withoutHeaders'))
  if (headers === undefined || withoutHeaders === undefined) return undefined
  if (match.method !== undefined && method === undefined) return undefined
  return { place, headers, withoutHeaders, ...(method === undefined ? {} : { method }) }
}

/** The same for a match of `tcp[]`, of which only the port and the gateways can be settled. */
export function l4Match(match: L4Match, place: Place): RouteMatch | undefined {
  return hasOther(match, settled) ? undefined : { place, headers: [], withoutHeaders: [] }
}

function hasOther(match: object, known: ReadonlySet<string>): boolean {
  return Object.entries(match).some(([field, value]) => value !== null && !known.has(field))
}

/** By name, because a map has no order of its own. */
function headerMatches(
  headers: Readonly<Record<string, IstioStringMatch>> | undefined,
  place: Place,
): readonly HeaderMatch[] | undefined {
  const matches: HeaderMatch[] = []
  for (const [name, match] of Object.entries(headers ?? {}).sort(([a], [b]) => compare(a, b))) {
    const here = below(place, name)
    const value = stringMatch(match, here)
    // A kind of match that we do not know is not "present".
    if (value === undefined && Object.keys(match).length > 0) return undefined
    matches.push({ place: here, name, ...(value === undefined ? {} : { value }) })
  }
  return matches
}

function stringMatch(match: IstioStringMatch, place: Place): StringMatch | undefined {
  if (match.exact !== undefined) return { place: below(place, 'exact'), type: 'exact', value: match.exact }
  if (match.prefix !== undefined) return { place: below(place, 'prefix'), type: 'prefix', value: match.prefix }
  if (match.regex !== undefined) return { place: below(place, 'regex'), type: 'regex', value: match.regex }
  return undefined
}
