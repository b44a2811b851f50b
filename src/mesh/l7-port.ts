import type { Place } from '../krm/object.ts'

/**
 * One host x one port x one protocol: the only intermediate form. A protocol receives exactly the port it must
 * serve, with everything that Istio's objects say about it resolved: host names are fully qualified, subsets
 * exist, a target port is a number. Each part knows the object and field it came from.
 */
export interface L7Port {
  /** `spec.ports[i]` of the Service or ServiceEntry. */
  readonly place: Place
  readonly protocol: string
  /** Fully qualified: `<service>.<namespace>.svc.<clusterDomain>`, or the ServiceEntry's host verbatim. */
  readonly hostname: string
  readonly namespace: string
  /** The port's number as clients dial it, and its name as written. */
  readonly number: number
  readonly name: string
  /** `metadata.annotations` of the Service or ServiceEntry. */
  readonly annotations: Readonly<Record<string, string>>
  /** istiod's own cluster for this port: `outbound|<number>||<hostname>`. */
  readonly cluster: string
  readonly subsets: readonly Subset[]
  /** First match wins; empty: every call goes to `cluster`. */
  readonly routes: readonly Route[]
  /** Everything that a VirtualService or DestinationRule asks for on this port, with its address. */
  readonly features: readonly Feature[]
  /** Where clients' patches go, sorted: from `exportTo`, or `MeshProfile.spec.clientScope`. Empty: exported to nobody. */
  readonly clientNamespaces: readonly string[]
}

/** A subset of a DestinationRule: istiod builds `outbound|<port>|<name>|<host>` for it. */
export interface Subset {
  readonly name: string
  readonly place: Place
}

/** One `http[]` or `tcp[]` entry of the VirtualService that governs the host. */
export interface Route {
  readonly place: Place
  readonly kind: 'http' | 'tcp'
  /** OR-ed; empty: every call. */
  readonly matches: readonly RouteMatch[]
  /** At least one; weights are positive, those of weight 0 are left out. */
  readonly destinations: readonly Destination[]
  /** Who else gets a copy of each call, and answers nobody. Empty for a protocol that does not support mirroring. */
  readonly mirrors: readonly Mirror[]
}

export interface Mirror {
  readonly place: Place
  readonly target: Target
  /** Of the calls, above 0 and at most 100. */
  readonly percentage: number
}

/** One entry of `http[].match[]`; its conditions are AND-ed. Matches that cannot apply to this port are left out. */
export interface RouteMatch {
  readonly place: Place
  readonly method?: StringMatch
  readonly headers: readonly HeaderMatch[]
  readonly withoutHeaders: readonly HeaderMatch[]
}

/** Istio's StringMatch, exactly one of three. */
export interface StringMatch {
  readonly place: Place
  readonly type: 'exact' | 'prefix' | 'regex'
  readonly value: string
}

/** A header by name; without `value` it need only be present. */
export interface HeaderMatch {
  readonly place: Place
  readonly name: string
  readonly value?: StringMatch
}

/** A host, port and subset of the list. */
export interface Target {
  readonly place: Place
  readonly hostname: string
  readonly port: number
  readonly subset?: string
  /** `outbound|<port>|<subset>|<hostname>`: a cluster that istiod builds. */
  readonly cluster: string
}

export interface Destination extends Target {
  readonly weight: number
}

/**
 * Something that a user asks for, named by its field with list indices and map keys left out and the object's
 * kind in front: `VirtualService.http.timeout`, `VirtualService.http.match.headers.exact`,
 * `DestinationRule.trafficPolicy.connectionPool.tcp.idleTimeout`.
 */
export interface Feature extends NamedField {
  readonly value: unknown
  /** The field of the route, match or policy that it is a part of, or is itself: `VirtualService.http.retries`. */
  readonly setting: NamedField
  /** Ports of the same host that Istio takes for HTTP, where it is of a route of `http[]` that does not say for which port it is. */
  readonly httpBeside?: readonly number[]
}

export interface NamedField {
  readonly name: string
  readonly place: Place
}

/** How a client's listener is found: by its name, or by port number when the user vouches for it. */
export type ListenerMatch =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'portNumber'; readonly portNumber: number }

/**
 * What stands behind one set of client listeners: one port, or, for a protocol that tells services apart by
 * content, every port that shares those listeners. `matches` is never empty.
 */
export interface OutboundListener {
  readonly matches: readonly ListenerMatch[]
  readonly ports: readonly [L7Port, ...L7Port[]]
  readonly clientNamespaces: readonly string[]
}

/** One container port of one set of pods, with every L7Port that ends there. */
export interface InboundListener {
  readonly namespace: string
  readonly selector: Readonly<Record<string, string>>
  /** The container port: what istiod names the chain and the cluster (`inbound|<port>||`) after. */
  readonly containerPort: number
  readonly cluster: string
  /** istiod guesses the port's protocol: it has an HTTP chain beside the TCP one, where no filter of ours stands. */
  readonly isSniffed: boolean
  readonly ports: readonly [L7Port, ...L7Port[]]
}
