import {
  describeDestinations,
  describeString,
  describeTarget,
  type HeaderMatch,
  type L7Port,
  type Mirror,
  type Route,
  type RouteMatch,
  type RouteRow,
  takesEveryCall,
} from 'meltemi'
import type { PortLimit } from './rate-limits.ts'
import { thriftMatch } from './route-match.ts'
import type { Settings } from './settings.ts'

const EVERY = 'every method'

/** The routes of a port as a person reads them, in the order in which Envoy asks them. */
export function routeRows(port: L7Port, settings: Settings): readonly RouteRow[] {
  if (port.routes.length === 0) return [{ calls: EVERY, destination: `${port.hostname}:${port.number}` }]
  const rows = port.routes.flatMap((route) => rowsOf(route, settings))
  return takesEveryCall(port) ? rows : [...rows, { calls: 'every other method', destination: 'refused: no route' }]
}

/** What a limit does before any route is asked. */
export function limitRows(limit: PortLimit | undefined): readonly RouteRow[] {
  if (limit === undefined) return []
  const { connections, calls } = limit.limit
  const refill = connections?.refill ?? connections?.burst
  return [
    ...(connections === undefined
      ? []
      : [
          {
            calls: 'connections',
            destination: `at most ${connections.burst}, ${refill} more every ${connections.interval}`,
          },
        ]),
    ...(calls === undefined
      ? []
      : [
          {
            calls: 'every call, first',
            destination: `asks ${calls.service.host} (domain ${calls.domain}), and ${calls.failureMode === 'allow' ? 'passes' : 'fails'} while that does not answer`,
          },
        ]),
  ]
}

function rowsOf({ matches, destinations, mirrors }: Route, settings: Settings): readonly RouteRow[] {
  const destination = [describeDestinations(destinations), ...mirrors.map(describeMirror)].join(', ')
  if (matches.length === 0) return [{ calls: EVERY, destination }]
  return matches
    .filter((match) => thriftMatch(match, settings) !== undefined)
    .map((match) => ({ calls: describeMatch(match), destination }))
}

function describeMatch(match: RouteMatch): string {
  const conditions = [
    ...match.headers.map((header) => describeHeader(header, '')),
    ...match.withoutHeaders.map((header) => describeHeader(header, 'not ')),
  ]
  return [describeMethod(match), ...conditions].join(', ')
}

function describeMethod({ method }: RouteMatch): string {
  if (method === undefined || method.value === '' || method.type === 'regex') return EVERY
  return method.type === 'prefix' ? `every method of ${method.value.slice(0, -1)}` : `method ${describeString(method)}`
}

function describeHeader({ name, value }: HeaderMatch, negation: string): string {
  return `${negation}header ${name} ${value === undefined ? 'present' : describeString(value)}`
}

function describeMirror({ target, percentage }: Mirror): string {
  return `${percentage === 100 ? '' : `${percentage} % `}mirrored to ${describeTarget(target)}`
}
