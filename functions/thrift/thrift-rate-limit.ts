import {
  at,
  below,
  type Diagnostic,
  type Diagnostics,
  error,
  type KubernetesObject,
  type Place,
  protoDuration,
  type Sourced,
  schemaDiagnostics,
} from 'meltemi'
import validateSpec from './generated/thrift-rate-limit.js'

export const RATE_LIMIT_KIND = { group: 'meltemi.dev', kind: 'ThriftRateLimit' } as const

/** `spec` of a ThriftRateLimit; `thrift-rate-limit.schema.json` says what each field means. */
export interface ThriftRateLimit {
  readonly host: string
  readonly port?: number
  readonly connections?: Connections
  readonly calls?: Calls
}

export interface Connections {
  readonly burst: number
  readonly refill?: number
  readonly interval: string
}

export interface Calls {
  readonly domain: string
  readonly service: { readonly host: string; readonly port?: number }
  readonly failureMode: 'allow' | 'deny'
  readonly timeout?: string
  readonly descriptors: readonly { readonly entries: readonly Entry[] }[]
}

/** Exactly one of them. */
export interface Entry {
  readonly method?: { readonly key?: string }
  readonly service?: { readonly name: string }
  readonly header?: { readonly name: string; readonly key?: string }
  readonly remoteAddress?: Readonly<Record<string, never>>
  readonly value?: string
}

/** A ThriftRateLimit, or what is wrong with it. */
export type Read = { readonly limit: ThriftRateLimit } | { readonly problems: Diagnostics }

export function readRateLimit({ value, source }: Sourced<KubernetesObject>): Read {
  const place = at(source, 'spec')
  const written = value.spec ?? {}
  const refused = refusedActions(written, place)
  const explained = new Set(refused.map(({ place: one }) => one?.path))
  const broken = schemaDiagnostics(written, validateSpec, place).filter(({ place: one }) => !explained.has(one?.path))
  if (refused.length + broken.length > 0) return { problems: [...refused, ...broken] }
  // The schema has just said that it is one.
  const limit = written as ThriftRateLimit
  const more = [...contents(limit, place), ...durations(limit, place)]
  return more.length > 0 ? { problems: more } : { limit }
}

const REFUSED: readonly string[] = [
  'remoteAddressMatch',
  'remote_address_match',
  'maskedRemoteAddress',
  'masked_remote_address',
]

/** Actions that people know from HTTP and that Envoy refuses for Thrift, with the whole listener. */
function refusedActions(spec: unknown, place: Place): Diagnostics {
  const found: Diagnostic[] = []
  const walk = (value: unknown, here: Place): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      const there = below(here, Array.isArray(value) ? Number(key) : key)
      if (REFUSED.includes(key))
        found.push(
          error(
            there,
            `\`${key}\` cannot be: Envoy refuses it for Thrift; \`remoteAddress\` counts each client's address for itself`,
          ),
        )
      else walk(inner, there)
    }
  }
  walk(spec, place)
  return found
}

function contents({ connections, calls }: ThriftRateLimit, place: Place): Diagnostics {
  if (connections === undefined && calls === undefined)
    return [error(place, 'must limit something: `connections`, `calls` or both')]
  const descriptors = below(below(place, 'calls'), 'descriptors')
  return (calls?.descriptors ?? []).flatMap(({ entries }, index) => {
    const list = below(below(descriptors, index), 'entries')
    const faulty = entries.flatMap((entry, at_) => entryProblems(entry, below(list, at_)))
    const services = new Set(entries.flatMap(({ service }) => service?.name ?? []))
    return services.size > 1
      ? [...faulty, error(list, `must name one service: no call is to ${[...services].join(' and ')} at once`)]
      : faulty
  })
}

function entryProblems(entry: Entry, place: Place): Diagnostics {
  const names = Object.keys(entry)
  if (names.length === 1) return []
  const kinds = '`method`, `service`, `header`, `remoteAddress`, `value`'
  return [
    error(
      place,
      `must hold exactly one of ${kinds}, not ${names.length === 0 ? 'none' : names.map((name) => `\`${name}\``).join(' and ')}`,
    ),
  ]
}

/** Envoy refuses a token bucket that fills faster than every 50 ms. */
const SHORTEST_INTERVAL = 0.05

function durations({ connections, calls }: ThriftRateLimit, place: Place): Diagnostics {
  return [
    ...durationProblems(connections?.interval, below(below(place, 'connections'), 'interval'), SHORTEST_INTERVAL),
    ...durationProblems(calls?.timeout, below(below(place, 'calls'), 'timeout'), Number.MIN_VALUE),
  ]
}

function durationProblems(text: string | undefined, place: Place, least: number): Diagnostics {
  if (text === undefined) return []
  const seconds = Number.parseFloat(protoDuration(text) ?? '')
  if (seconds >= least) return []
  const rule = least === SHORTEST_INTERVAL ? 'of at least 50ms, such as `1s`' : 'above 0, such as `50ms`'
  return [error(place, `must be a duration ${rule}, not "${text}"`, { currentValue: text })]
}
