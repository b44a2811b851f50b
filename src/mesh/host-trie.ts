/** Hosts by their letters from the end, as the hosts of a namespace share theirs: what is shared is compared once for all. */
export interface HostTrie {
  readonly next: Map<string, HostTrie>
  host?: string
}

export interface Neighbour {
  readonly host: string
  /** Letters put in, left out or exchanged. */
  readonly apart: number
}

interface Visit {
  readonly node: HostTrie
  readonly depth: number
  /** How far the letters of the path are from the first `depth - most` to `depth + most` letters sought. */
  readonly row: readonly number[]
}

export function hostTrie(hosts: Iterable<string>): HostTrie {
  const root: HostTrie = { next: new Map() }
  for (const host of hosts) {
    let node = root
    for (let i = host.length - 1; i >= 0; i--) {
      const letter = host.charAt(i)
      const found = node.next.get(letter) ?? { next: new Map() }
      node.next.set(letter, found)
      node = found
    }
    node.host = host
  }
  return root
}

/** The hosts at most `most` letters apart (Levenshtein). A branch that is further apart already is not followed. */
export function neighbours(trie: HostTrie, sought: string, most: number): readonly Neighbour[] {
  const found: Neighbour[] = []
  const far = most + 1
  const first = Array.from({ length: 2 * most + 1 }, (_, k) => (k < most ? far : k - most))
  const open: Visit[] = [{ node: trie, depth: 0, row: first }]
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    const { node, depth, row } = visit
    const apart = row[sought.length - depth + most] ?? far
    if (node.host !== undefined && apart <= most) found.push({ host: node.host, apart })
    for (const [letter, child] of node.next) {
      const below = rowBelow(row, letter, sought, { depth, far })
      if (below !== undefined) open.push({ node: child, depth: depth + 1, row: below })
    }
  }
  return found
}

/** The row one letter further down, unless all of it is too far. */
function rowBelow(
  row: readonly number[],
  letter: string,
  sought: string,
  { depth, far }: { readonly depth: number; readonly far: number },
): readonly number[] | undefined {
  const below: number[] = []
  let left = far
  let isNear = false
  for (let k = 0; k < row.length; k++) {
    const fromEnd = depth - far + 1 + k
    const same = sought[sought.length - 1 - fromEnd] === letter
    const exchanged = (row[k] ?? far) + (same ? 0 : 1)
    left = fromEnd >= sought.length ? far : Math.min(exchanged, (row[k + 1] ?? far) + 1, left + 1, far)
    if (left < far) isNear = true
    below.push(left)
  }
  return isNear ? below : undefined
}
