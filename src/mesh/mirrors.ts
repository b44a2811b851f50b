import type { HTTPRoute, Destination as WrittenDestination } from '../istio/virtual-service.ts'
import { error } from '../krm/diagnostic.ts'
import { below, type Place } from '../krm/object.ts'
import { collect, fail, map, type Outcome } from '../krm/outcome.ts'
import { type DestinationSite, locate } from './destination.ts'
import type { Mirror } from './l7-port.ts'

interface Written {
  readonly place: Place
  readonly destination: WrittenDestination
  readonly percentage: number
}

/** `mirror` or `mirrors[]` of a route. Without a percentage every call is mirrored; one of 0 is left out, as pilot does. */
export function mirrorsOf(route: HTTPRoute, place: Place, site: DestinationSite): Outcome<readonly Mirror[]> {
  if (route.mirror !== undefined && route.mirrors !== undefined)
    return fail([error(below(place, 'mirrors'), 'must not stand beside `mirror`: Istio takes one or the other')])
  const wanted = written(route, place).filter(({ percentage }) => percentage > 0)
  return collect(wanted, ({ destination, percentage, place: here }) =>
    map(locate(destination, here, site), ({ target }) => ({ place: here, target, percentage })),
  )
}

function written(route: HTTPRoute, place: Place): readonly Written[] {
  const { mirror, mirrorPercentage, mirrorPercent, mirrors = [] } = route
  const list = below(place, 'mirrors')
  const several = mirrors.map(({ destination, percentage }, i) => ({
    place: below(below(list, i), 'destination'),
    destination,
    percentage: percentOf(percentage),
  }))
  if (mirror === undefined) return several
  const share = mirrorPercentage === undefined ? (mirrorPercent ?? 100) : percentOf(mirrorPercentage)
  return [{ place: below(place, 'mirror'), destination: mirror, percentage: share }]
}

/** A percentage that is there but empty is 0. */
function percentOf(percentage: { readonly value?: number } | undefined): number {
  return percentage === undefined ? 100 : (percentage.value ?? 0)
}
