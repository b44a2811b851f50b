import { groupBy } from '../krm/group.ts'
import { isWildcard, patternsOver } from './hostname.ts'

/** Objects by the host that they name, or by the wildcard: most lists have no wildcard, and then one look is enough. */
export interface HostIndex<A> {
  readonly exact: ReadonlyMap<string, readonly A[]>
  readonly wildcards: ReadonlyMap<string, readonly A[]>
}

export interface HostMatch<A> {
  readonly pattern: string
  readonly found: readonly A[]
}

export function indexHosts<A>(items: readonly A[], hostOf: (item: A) => string): HostIndex<A> {
  return {
    exact: groupBy(
      items.filter((item) => !isWildcard(hostOf(item))),
      hostOf,
    ),
    wildcards: groupBy(
      items.filter((item) => isWildcard(hostOf(item))),
      hostOf,
    ),
  }
}

/** All that covers a host, the most specific pattern first. */
export function matchesOf<A>({ exact, wildcards }: HostIndex<A>, host: string): readonly HostMatch<A>[] {
  const same = exact.get(host)
  const matches: HostMatch<A>[] = same === undefined ? [] : [{ pattern: host, found: same }]
  if (wildcards.size === 0) return matches
  for (const pattern of patternsOver(host)) {
    const found = wildcards.get(pattern)
    if (found !== undefined) matches.push({ pattern, found })
  }
  return matches
}
