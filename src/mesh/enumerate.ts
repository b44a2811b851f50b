/** How many names a message holds: it is no inventory, and a list of all in each of many messages is quadratic. */
const namedAtMost = 10

/** Names for a message: all, or the first ten and how many more there are. The caller's order is what decides. */
export function enumerate<A>(all: readonly A[], nameOf: (one: A) => string): string {
  const names = all.slice(0, namedAtMost).map(nameOf)
  return all.length > names.length ? `${names.join(', ')} and ${all.length - names.length} more` : names.join(', ')
}
