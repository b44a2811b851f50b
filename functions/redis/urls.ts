import { below, type Diagnostic, error, type Place } from 'meltemi'

/** `redis://user:password@host:6379` where a host belongs: it must not be quoted by any message. */
export function isUrl(text: string): boolean {
  return text.includes('://') || text.includes('@')
}

/** The fields of Aeraki's kinds that hold hosts. */
const HOSTS: ReadonlySet<string> = new Set(['host', 'discoveryEndpoints'])

/** An error for each URL in place of a host. */
export function urlsIn(value: unknown, place: Place, isHost = false): readonly Diagnostic[] {
  if (typeof value === 'string')
    return isHost && isUrl(value) ? [error(place, 'must be a host, not a URL: a password belongs into `auth`')] : []
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((inner, i) => urlsIn(inner, below(place, i), isHost))
  const found: Diagnostic[] = []
  for (const [name, inner] of Object.entries(value))
    if (typeof inner === 'object' || HOSTS.has(name)) found.push(...urlsIn(inner, below(place, name), HOSTS.has(name)))
  return found
}
