import { describeTarget, type RouteRow, type RuntimeFractionalPercent, type Upstream } from 'meltemi'
import type { RedisContext } from './prepared.ts'
import type { Destinations, RouteTable } from './routes.ts'
import { spreadOf } from './spread.ts'

/** The table that a person reads. It holds no password, as nothing does that is said about one. */
export function routeRows({ prefixes, catchAll }: RouteTable, context: RedisContext): readonly RouteRow[] {
  const named = prefixes.map(({ prefix, removePrefix, to }) => ({
    calls: `keys ${prefix}…${removePrefix ? ' without the prefix' : ''}`,
    destination: describe(to, context),
  }))
  const rest = named.length === 0 ? 'every key' : 'every other key, and commands without a key'
  return [
    ...named,
    { calls: rest, destination: catchAll === undefined ? 'refused: no upstream host' : describe(catchAll, context) },
  ]
}

function describe({ upstream, mirrors, keyFormatter, reads }: Destinations, context: RedisContext): string {
  const parts = [
    describeUpstream(upstream, context),
    ...(keyFormatter === undefined ? [] : [`as ${keyFormatter}`]),
    ...(reads === undefined ? [] : [`reads from ${describeUpstream(reads.upstream, context)}`]),
    ...mirrors.map(({ upstream: to, fraction, excludeReadCommands }) => {
      const share = fraction === undefined ? '' : ` ${percent(fraction.default_value)} %`
      return `mirrored${share} to ${describeUpstream(to, context)}${excludeReadCommands ? ' but for reads' : ''}`
    }),
  ]
  return parts.join(', ')
}

function describeUpstream(upstream: Upstream, context: RedisContext): string {
  const { kind } = spreadOf(upstream, context)
  const how =
    kind === 'cluster'
      ? ' (Redis Cluster)'
      : upstream.endpoints === 1 || kind === 'single'
        ? ''
        : ' (by the hash of the key)'
  return `${describeTarget(upstream)}${how}`
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
