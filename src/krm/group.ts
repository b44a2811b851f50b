/** Items by a key; keys and items stay in the order in which they came. */
export function groupBy<K, A>(items: Iterable<A>, key: (item: A) => K): ReadonlyMap<K, readonly A[]> {
  return groupByEach(items, (item) => [key(item)])
}

/** Items that belong to several groups, or to none. */
export function groupByEach<K, A>(items: Iterable<A>, keys: (item: A) => Iterable<K>): ReadonlyMap<K, readonly A[]> {
  const groups = new Map<K, A[]>()
  for (const item of items) {
    for (const key of keys(item)) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [item])
      else group.push(item)
    }
  }
  return groups
}
