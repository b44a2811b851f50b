import type * as t from 'io-ts'
import { checked, list, map, optional, struct } from './codec.ts'
import { Metadata } from './metadata.ts'
import { nonEmptyText, nonEmptyTextList, percentage, portNumber, scopeList, text, textList, weight } from './scalars.ts'

/** `networking.istio.io` VirtualService: https://istio.io/latest/docs/reference/config/networking/virtual-service/ */
export interface VirtualService {
  readonly metadata: Metadata
  readonly spec: VirtualServiceSpec
}

export interface VirtualServiceSpec {
  /** Absent in a VirtualService that others delegate to. */
  readonly hosts?: readonly string[]
  readonly gateways?: readonly string[]
  readonly http?: readonly HTTPRoute[]
  readonly tcp?: readonly TCPRoute[]
  readonly tls?: readonly TLSRoute[]
  readonly exportTo?: readonly string[]
}

export interface HTTPRoute {
  readonly match?: readonly HTTPMatchRequest[]
  readonly route?: readonly RouteDestination[]
  readonly mirror?: Destination
  readonly mirrorPercentage?: Percent
  /** Deprecated for `mirrorPercentage`, which wins. */
  readonly mirrorPercent?: number
  readonly mirrors?: readonly MirrorPolicy[]
}

export interface MirrorPolicy {
  readonly destination: Destination
  readonly percentage?: Percent
}

export interface Percent {
  readonly value?: number
}

export interface HTTPMatchRequest {
  readonly method?: StringMatch
  readonly headers?: Readonly<Record<string, StringMatch>>
  readonly withoutHeaders?: Readonly<Record<string, StringMatch>>
  readonly port?: number
  readonly gateways?: readonly string[]
}

/** At most one of the three; none means, for a header, that it need only be present. */
export interface StringMatch {
  readonly exact?: string
  readonly prefix?: string
  readonly regex?: string
}

export interface RouteDestination {
  readonly destination: Destination
  readonly weight?: number
}

export interface Destination {
  readonly host: string
  readonly subset?: string
  readonly port?: PortSelector
}

export interface PortSelector {
  readonly number: number
}

export interface TCPRoute {
  readonly match?: readonly L4Match[]
  readonly route?: readonly RouteDestination[]
}

export interface TLSRoute {
  readonly match?: readonly L4Match[]
}

export interface L4Match {
  readonly port?: number
  readonly gateways?: readonly string[]
}

const StringMatch: t.Type<StringMatch, unknown> = checked(
  struct<StringMatch>('an object with `exact`, `prefix` or `regex`', {
    exact: optional(text),
    prefix: optional(text),
    // RE2 matches nothing useful with an empty pattern, and Envoy refuses it.
    regex: optional(nonEmptyText),
  }),
  ({ exact, prefix, regex }) =>
    [exact, prefix, regex].filter((value) => value !== undefined).length > 1
      ? 'must hold exactly one of `exact`, `prefix` and `regex`'
      : undefined,
)

const MethodMatch: t.Type<StringMatch, unknown> = checked(StringMatch, (match) =>
  Object.keys(match).length === 0 ? 'must hold one of `exact`, `prefix` and `regex`' : undefined,
)

/** Envoy's rule for the name of a header (well-known regex HTTP_HEADER_NAME, not strict). */
const Headers = checked(map('a map from header names to matches', StringMatch), (headers) => {
  const odd = Object.keys(headers).find((name) => name === '' || /[\0\r\n]/.test(name))
  return odd === undefined
    ? undefined
    : `must hold names that are not empty and have no line break, and ${JSON.stringify(odd)} is none`
})

const HTTPMatchRequest: t.Type<HTTPMatchRequest, unknown> = struct<HTTPMatchRequest>('a match', {
  method: optional(MethodMatch),
  headers: optional(Headers),
  withoutHeaders: optional(Headers),
  port: optional(portNumber),
  gateways: optional(textList),
})

const Destination: t.Type<Destination, unknown> = struct<Destination>('an object', {
  host: nonEmptyText,
  subset: optional(nonEmptyText),
  port: optional(struct<PortSelector>('an object with `number`', { number: portNumber })),
})

const RouteDestination: t.Type<RouteDestination, unknown> = struct<RouteDestination>('a route destination', {
  destination: Destination,
  weight: optional(weight),
})

const Percent: t.Type<Percent, unknown> = struct<Percent>('an object with `value`', { value: optional(percentage) })

const MirrorPolicy: t.Type<MirrorPolicy, unknown> = struct<MirrorPolicy>('a mirror', {
  destination: Destination,
  percentage: optional(Percent),
})

const destinations = list('a list of route destinations', RouteDestination)

const L4Match: t.Type<L4Match, unknown> = struct<L4Match>('a match', {
  port: optional(portNumber),
  gateways: optional(textList),
})

const l4Matches = list('a list of matches', L4Match)

export const VirtualService: t.Type<VirtualService, unknown> = struct<VirtualService>('a VirtualService', {
  metadata: Metadata,
  spec: struct<VirtualServiceSpec>('an object', {
    hosts: optional(nonEmptyTextList),
    gateways: optional(textList),
    http: optional(
      list(
        'a list of HTTP routes',
        struct<HTTPRoute>('an HTTP route', {
          match: optional(list('a list of matches', HTTPMatchRequest)),
          route: optional(destinations),
          mirror: optional(Destination),
          mirrorPercentage: optional(Percent),
          mirrorPercent: optional(percentage),
          mirrors: optional(list('a list of mirrors', MirrorPolicy)),
        }),
      ),
    ),
    tcp: optional(
      list(
        'a list of TCP routes',
        struct<TCPRoute>('a TCP route', { match: optional(l4Matches), route: optional(destinations) }),
      ),
    ),
    tls: optional(list('a list of TLS routes', struct<TLSRoute>('a TLS route', { match: optional(l4Matches) }))),
    exportTo: optional(scopeList),
  }),
})
