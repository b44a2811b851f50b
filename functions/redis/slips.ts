import { below, type Diagnostics, type Place, warning } from 'meltemi'
import type { Declared } from './declared.ts'
import type { RedisServiceSpec } from './kinds.ts'
import type { Destinations, RouteTable } from './routes.ts'

/** What a route table says that its author can hardly mean. */
export function slips(table: RouteTable, service: Declared<RedisServiceSpec> | undefined): Diagnostics {
  return [
    ...(service === undefined ? [] : nothingToRemove(service)),
    ...destinationsOf(table).flatMap(mirroredOntoItself),
  ]
}

function nothingToRemove({ spec, place }: Declared<RedisServiceSpec>): Diagnostics {
  return (spec.redis ?? []).flatMap(({ match }, i) => {
    const { prefix = '', removePrefix = false } = match?.key ?? {}
    if (prefix !== '' || !removePrefix) return []
    const here = [i, 'match', 'key', 'removePrefix'].reduce<Place>(below, below(place, 'redis'))
    return [warning(here, 'has no effect: the catch-all has no prefix', { currentValue: true })]
  })
}

/** Every command would be done twice, and an INCR counts by two. */
function mirroredOntoItself({ upstream, mirrors }: Destinations): Diagnostics {
  return mirrors
    .filter((mirror) => mirror.upstream.cluster === upstream.cluster)
    .map(({ place }) => {
      const message = `copies commands to ${upstream.hostname}:${upstream.port}, where they go already: what writes is done twice, so that INCR counts by two`
      return warning(place, message)
    })
}

/** Wherever the keys of a table go. */
export function destinationsOf({ prefixes, catchAll }: RouteTable): readonly Destinations[] {
  const named = prefixes.map(({ to }) => to)
  return catchAll === undefined ? named : [...named, catchAll]
}
