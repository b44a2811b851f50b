import { below, type Diagnostic, error, type Place } from 'meltemi'

/** `redis://user:password@host:6379` where a host belongs: it must not be quoted by any message. */
export function isUrl(text: string): boolean {
  return text.includes('://') || text.includes('@')
}

/** The fields of Aeraki's kinds that hold hosts. */
const HOSTS: ReadonlySet<string> = new Set(['host', 'discoveryEndpoints'])

/** An error for each URL in place of a host. */
export function urlsIn(value: unknown, place: Place): readonly Diagnostic[] {
  return hasUrl(value, false) ? located(value, place, false) : []
}

/** Asked of every spec, and nearly always no: an address for each field would cost more than the question. */
function hasUrl(value: unknown, isHost: boolean): boolean {
  if (typeof value === 'string') return isHost && isUrl(value)
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some((inner) => hasUrl(inner, isHost))
  return Object.entries(value).some(([name, inner]) => hasUrl(inner, HOSTS.has(name)))
}

function located(value: unknown, place: Place, isHost: boolean): readonly Diagnostic[] {
  if (typeof value === 'string')
    return isHost && isUrl(value) ? [error(place, 'must be a host, not a URL: a password belongs into `auth`')] : []
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((inner, i) => located(inner, below(place, i), isHost))
  return Object.entries(value).flatMap(([name, inner]) => located(inner, below(place, name), HOSTS.has(name)))
}
