import type { Place } from '../krm/object.ts'
import { map, type Outcome, ok } from '../krm/outcome.ts'
import { type DestinationSite, locate } from './destination.ts'
import type { Mesh } from './mesh.ts'
import { type Upstream, type UpstreamRules, upstreamOf } from './upstream.ts'

/** A service that an object of a protocol's own kind names by `host`, `port` and perhaps `subset`. */
export interface Reference {
  /** Of the field that holds `host` and `port`. */
  readonly place: Place
  /** Of the object: where a short host name is looked up. */
  readonly namespace: string
  readonly host: string
  /** Absent: the only port there is, or `dialled`. */
  readonly port?: number
  /** The port that clients dial: what a reference without a port means, if its host has that one among several. */
  readonly dialled?: number
  readonly subset?: string
  /** Whether the protocol's calls go there: then a port that Istio takes for HTTP is an error. */
  readonly takesCalls?: boolean
  /** The namespaces of those who will connect (`L7Port.clientNamespaces`). */
  readonly clients: readonly string[]
}

/** What a reference leads to, and what the list says about it. */
export type Resolve = (reference: Reference) => Outcome<Upstream>

/** Resolves references by the rules of a route's destination: the host is in the list, and so are its port and subset. */
export function resolver(mesh: Mesh, protocol: UpstreamRules): Resolve {
  const known = new Map<string, Upstream>()
  return (reference) => {
    const { place, namespace, host, port, subset, clients, dialled, takesCalls = false } = reference
    const key = `${namespace}\0${host}\0${port}\0${subset}\0${dialled}\0${takesCalls}\0${clients.join('\0')}`
    const found = known.get(key)
    if (found !== undefined) return ok(found)
    const written = {
      host,
      ...(port === undefined ? {} : { port: { number: port } }),
      ...(subset === undefined ? {} : { subset }),
    }
    const site: DestinationSite = {
      mesh,
      namespace,
      clients,
      portField: 'port',
      ...(dialled === undefined ? {} : { dialled }),
      ...(takesCalls ? { carries: protocol.name } : {}),
    }
    return map(locate(written, place, site), (located) => {
      const upstream = upstreamOf(located, clients, mesh, protocol)
      known.set(key, upstream)
      return upstream
    })
  }
}
