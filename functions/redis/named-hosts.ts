import { below, type Place } from 'meltemi'
import { isUrl } from './urls.ts'

/** A host as an object names it. */
export interface NamedHost {
  readonly host: string
  readonly place: Place
}

/** The hosts that an object speaks for, as far as they can be read. */
export interface NamedHosts {
  readonly hosts: readonly NamedHost[]
  /** Whether it may speak for others besides. */
  readonly isPart: boolean
}

/** `spec.host`: the list of a RedisService or the string of a RedisDestination, of which one may stand where the other belongs. */
export function namedHosts(spec: unknown, place: Place): NamedHosts {
  const { host }: { readonly host?: unknown } = Object(spec)
  const here = below(place, 'host')
  const entries = Array.isArray(host)
    ? host.map((one: unknown, i) => ({ one, place: below(here, i) }))
    : [{ one: host, place: here }]
  const hosts = entries.flatMap((entry) =>
    typeof entry.one === 'string' && !isUrl(entry.one) ? [{ host: entry.one, place: entry.place }] : [],
  )
  return { hosts, isPart: hosts.length < entries.length }
}
