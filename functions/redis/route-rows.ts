import { describeTarget, type RouteRow, type RuntimeFractionalPercent } from 'meltemi'
import type { Destinations, RouteTable } from './routes.ts'

/** The table that a person reads. It holds no password, as nothing does that is said about one. */
export function routeRows({ prefixes, catchAll }: RouteTable): readonly RouteRow[] {
  const named = prefixes.map(({ prefix, removePrefix, to }) => ({
    calls: `keys ${prefix}…${removePrefix ? ' without the prefix' : ''}`,
    destination: describe(to),
  }))
  const rest = named.length === 0 ? 'every key' : 'every other key, and commands without a key'
  return [
    ...named,
    { calls: rest, destination: catchAll === undefined ? 'refused: no upstream host' : describe(catchAll) },
  ]
}

function describe({ upstream, mirrors, keyFormatter, reads }: Destinations): string {
  const parts = [
    describeTarget(upstream),
    ...(keyFormatter === undefined ? [] : [`as ${keyFormatter}`]),
    ...(reads === undefined ? [] : [`reads from ${describeTarget(reads)}`]),
    ...mirrors.map(({ upstream: to, fraction, excludeReadCommands }) => {
      const share = fraction === undefined ? '' : ` ${percent(fraction.default_value)} %`
      return `mirrored${share} to ${describeTarget(to)}${excludeReadCommands ? ' but for reads' : ''}`
    }),
  ]
  return parts.join(', ')
}

type FractionalPercent = RuntimeFractionalPercent['default_value']

const PER_PERCENT: Readonly<Record<FractionalPercent['denominator'], number>> = {
  HUNDRED: 1,
  TEN_THOUSAND: 100,
  MILLION: 10_000,
}

function percent({ numerator, denominator }: FractionalPercent): number {
  return numerator / PER_PERCENT[denominator]
}
