import type { Destination, StringMatch, Target } from './l7-port.ts'

/** A StringMatch as a person reads it in a route table. */
export function describeString({ type, value }: StringMatch): string {
  switch (type) {
    case 'exact':
      return `= ${value}`
    case 'prefix':
      return `= ${value}…`
    case 'regex':
      return `~ /${value}/`
  }
}

/** `host:port subset`. */
export function describeTarget({ hostname, port, subset }: Omit<Target, 'place' | 'cluster'>): string {
  return `${hostname}:${port}${subset === undefined ? '' : ` ${subset}`}`
}

/** Destinations with their shares, in percent, where there are several. */
export function describeDestinations(destinations: readonly Destination[]): string {
  const total = destinations.reduce((sum, { weight }) => sum + weight, 0)
  return destinations
    .map((destination) => {
      const share = destinations.length === 1 ? '' : ` ${Math.round((destination.weight * 1000) / total) / 10} %`
      return `${describeTarget(destination)}${share}`
    })
    .join(', ')
}
