import type { Place } from '../krm/object.ts'
import { map, type Outcome } from '../krm/outcome.ts'
import { locate } from './destination.ts'
import type { Target } from './l7-port.ts'
import type { Mesh } from './mesh.ts'

/** A service that an object of a protocol's own kind names by `host`, `port` and perhaps `subset`. */
export interface Reference {
  /** Of the field that holds `host` and `port`. */
  readonly place: Place
  /** Of the object: where a short host name is looked up. */
  readonly namespace: string
  readonly host: string
  /** Absent: the only port there is. */
  readonly port?: number
  readonly subset?: string
  /** The namespaces of those who will connect (`L7Port.clientNamespaces`). */
  readonly clients: readonly string[]
}

/** What a reference leads to. */
export interface Resolved extends Target {
  /** Whether istiod's cluster speaks HTTP/2, without which a gRPC service cannot be reached. */
  readonly isHttp2: boolean
}

export type Resolve = (reference: Reference) => Outcome<Resolved>

/** Resolves references by the rules of a route's destination: the host is in the list, and so are its port and subset. */
export function resolver(mesh: Mesh): Resolve {
  return ({ place, namespace, host, port, subset, clients }) => {
    const written = {
      host,
      ...(port === undefined ? {} : { port: { number: port } }),
      ...(subset === undefined ? {} : { subset }),
    }
    return map(locate(written, place, { mesh, namespace, clients, portField: 'port' }), (located) => ({
      ...located.target,
      isHttp2: located.port.istio === 'http2',
    }))
  }
}
