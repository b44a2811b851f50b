import { type HeaderMatcher, headerMatcher, type RouteMatch, type StringMatch, withoutHeaderMatcher } from 'meltemi'
import type { Settings } from './settings.ts'

/** Envoy's thrift_proxy.v3.RouteMatch: a method, letter for letter (empty: any), or every method of a multiplexed service. */
export type ThriftMatch = CalledMatch & { readonly headers?: readonly HeaderMatcher[] }

export type CalledMatch = { readonly method_name: string } | { readonly service_name: string }

export const EVERY_METHOD: CalledMatch = { method_name: '' }

/** The match in Envoy's words; `undefined` where it has none for it, which `objection` explains to the user. */
export function thriftMatch(match: RouteMatch, settings: Settings): ThriftMatch | undefined {
  const called = match.method === undefined ? EVERY_METHOD : calledMatch(match.method.type, match.method.value)
  const headers = [...match.headers.map(headerMatcher), ...match.withoutHeaders.map(withoutHeaderMatcher)]
  if (called === undefined || (headers.length > 0 && !carriesHeaders(settings))) return undefined
  return { ...called, ...(headers.length === 0 ? {} : { headers }) }
}

function calledMatch(type: StringMatch['type'], value: string): CalledMatch | undefined {
  switch (type) {
    case 'exact':
      // Envoy takes an empty name for any.
      return value === '' ? undefined : { method_name: value }
    case 'prefix': {
      const service = /^([^:]+):$/.exec(value)?.[1]
      if (service !== undefined) return { service_name: service }
      return value === '' ? EVERY_METHOD : undefined
    }
    case 'regex':
      return value === '.*' ? EVERY_METHOD : undefined
  }
}

/** Why a match of a method cannot be expressed; `undefined`: it can. */
export function methodObjection(type: StringMatch['type'], value: unknown): string | undefined {
  if (typeof value !== 'string' || calledMatch(type, value) !== undefined) return undefined
  if (type === 'exact') return 'an empty name would match every call; leave `method` out to say that'
  return (
    `a Thrift route compares the whole method name and has no ${type === 'prefix' ? 'prefixes' : 'regular expressions'}; name each method \`exact\` in a match of its own ` +
    '(several are OR-ed), or all methods of a multiplexed service by `prefix: "Service:"`'
  )
}

/** FRAMED and UNFRAMED have no headers; with AUTO, clients that speak HEADER have them. */
export function carriesHeaders({ transport = 'AUTO' }: Settings): boolean {
  return transport === 'AUTO' || transport === 'HEADER'
}
