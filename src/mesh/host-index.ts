import { patternsOver } from './hostname.ts'

/** Objects by the host, or wildcard, that they name. */
export type HostIndex<A> = ReadonlyMap<string, readonly A[]>

export interface HostMatch<A> {
  readonly pattern: string
  readonly found: readonly A[]
}

/** All that covers a host, the most specific pattern first. */
export function matchesOf<A>(index: HostIndex<A>, host: string): readonly HostMatch<A>[] {
  const matches: HostMatch<A>[] = []
  for (const pattern of patternsOver(host)) {
    const found = index.get(pattern)
    if (found !== undefined) matches.push({ pattern, found })
  }
  return matches
}
