import type { CalledMatch, ThriftMatch } from './route-match.ts'
import type { Calls, Entry } from './thrift-rate-limit.ts'

/** Envoy's config.route.v3.RateLimit: its actions together make one descriptor. */
export interface RateLimit {
  readonly actions: readonly RateLimitAction[]
}

/** The actions of it that thrift_proxy knows and a `ThriftRateLimit` can say. */
export type RateLimitAction =
  | { readonly request_headers: { readonly header_name: string; readonly descriptor_key: string } }
  | { readonly remote_address: Readonly<Record<string, never>> }
  | { readonly generic_key: { readonly descriptor_value: string } }

/** A match, and the descriptors of the calls that it takes. */
export interface LimitedMatch {
  readonly match: ThriftMatch
  readonly limits: readonly RateLimit[]
}

/**
 * The descriptors of a match. No action reads the service of a multiplexed call, but a route can be for one: a match that
 * takes every service is preceded by one for each service that a descriptor names.
 */
export function limitedMatches(match: ThriftMatch, calls: Calls | undefined): readonly LimitedMatch[] {
  if (calls === undefined) return [{ match, limits: [] }]
  const called = serviceOf(match)
  if (called !== undefined) return [{ match, limits: limitsOf(calls, called) }]
  const { headers } = match
  const names = new Set(
    calls.descriptors.flatMap(({ entries }) => entries.flatMap(({ service }) => service?.name ?? [])),
  )
  const narrowed = [...names].map(
    (name): LimitedMatch => ({
      match: { service_name: name, ...(headers === undefined ? {} : { headers }) },
      limits: limitsOf(calls, name),
    }),
  )
  return [...narrowed, { match, limits: limitsOf(calls, NONE) }]
}

/** What a plain call is to: no service has an empty name. */
const NONE = ''

/** The service whose calls a match takes; `undefined`: calls to any, and plain ones. */
function serviceOf(match: CalledMatch): string | undefined {
  if ('service_name' in match) return match.service_name
  if (match.method_name === '') return undefined
  const colon = match.method_name.indexOf(':')
  return colon === -1 ? NONE : match.method_name.slice(0, colon)
}

function limitsOf({ descriptors }: Calls, called: string): readonly RateLimit[] {
  return descriptors
    .filter(({ entries }) => entries.every(({ service }) => service === undefined || service.name === called))
    .map(({ entries }) => ({ actions: entries.flatMap(actionOf) }))
}

function actionOf({ method, service, header, value }: Entry): RateLimitAction {
  // Envoy keeps a call's method among its headers, by this name.
  if (method !== undefined) return requestHeader(':method-name', method.key ?? 'method')
  if (header !== undefined) return requestHeader(header.name, header.key ?? header.name)
  if (service !== undefined) return generic(service.name)
  if (value !== undefined) return generic(value)
  return { remote_address: {} }
}

function requestHeader(name: string, key: string): RateLimitAction {
  return { request_headers: { header_name: name, descriptor_key: key } }
}

/** Under the key `generic_key`: thrift_proxy takes a `descriptor_key` and does not use it. */
function generic(value: string): RateLimitAction {
  return { generic_key: { descriptor_value: value } }
}
