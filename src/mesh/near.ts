import { compare } from '../krm/compare.ts'
import { groupBy } from '../krm/group.ts'
import { hostTrie, neighbours } from './host-trie.ts'

/** Beyond this many hosts, letters are not compared: a message is not worth seconds. */
const comparedAtMost = 5000

/**
 * Finds the hosts that a wrong one may have meant: the same first label in another namespace or domain, else a slip of
 * one or two letters. At most three, the nearest first.
 */
export function hostFinder(hosts: Iterable<string>): (host: string) => readonly string[] {
  // Most lists have no wrong host, so the index waits for the first.
  let index: ReturnType<typeof indexed> | undefined
  return (host) => {
    index ??= indexed(hosts)
    const alike = index.byLabel.get(firstLabel(host))
    if (alike !== undefined) return alike.slice(0, 3)
    if (index.known > comparedAtMost) return []
    return [...neighbours(index.trie, host, 2)]
      .sort((a, b) => a.apart - b.apart || compare(a.host, b.host))
      .slice(0, 3)
      .map((neighbour) => neighbour.host)
  }
}

function indexed(hosts: Iterable<string>) {
  const known = [...hosts].sort(compare)
  return {
    known: known.length,
    trie: hostTrie(known.length > comparedAtMost ? [] : known),
    byLabel: groupBy(known, firstLabel),
  }
}

function firstLabel(host: string): string {
  return host.split('.')[0] ?? host
}
