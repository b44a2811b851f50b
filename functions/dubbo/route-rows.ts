import {
  describeDestinations,
  describeString,
  type HeaderMatch,
  type L7Port,
  type RouteMatch,
  type RouteRow,
  takesEveryCall,
} from 'meltemi'
import { type Declaration, describeKey, EVERY_INTERFACE } from './service-key.ts'

/** The routes of a listener as a person reads them, in the order in which Envoy asks them. */
export function routeRows(found: readonly Declaration[], fallbackTo: L7Port | undefined): readonly RouteRow[] {
  const rows = found.flatMap(({ port, key }) => {
    const name = key.interface === EVERY_INTERFACE ? 'every interface' : describeKey(key)
    return rowsOf(port).map(({ calls, destination }) => ({ calls: `${name} ${calls}`, destination }))
  })
  if (fallbackTo === undefined) return rows
  return [
    ...rows,
    { calls: 'other interfaces, every method', destination: `${fallbackTo.hostname}:${fallbackTo.number}` },
  ]
}

function rowsOf(port: L7Port): readonly RouteRow[] {
  if (port.routes.length === 0) return [{ calls: 'every method', destination: `${port.hostname}:${port.number}` }]
  const rows = port.routes.flatMap(({ matches, destinations }) => {
    const destination = describeDestinations(destinations)
    return matches.length === 0
      ? [{ calls: 'every method', destination }]
      : matches.map((match) => ({ calls: describeMatch(match), destination }))
  })
  return takesEveryCall(port) ? rows : [...rows, { calls: 'every other method', destination: 'refused: no route' }]
}

function describeMatch({ method, headers, withoutHeaders }: RouteMatch): string {
  const conditions = [
    ...headers.map((header) => describeHeader(header, '')),
    ...withoutHeaders.map((header) => describeHeader(header, 'not ')),
  ]
  const name = method === undefined ? 'every method' : `method ${describeString(method)}`
  return [name, ...conditions].join(', ')
}

function describeHeader({ name, value }: HeaderMatch, negation: string): string {
  return `${negation}attachment ${name} ${value === undefined ? 'present' : describeString(value)}`
}
