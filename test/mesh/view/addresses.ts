/** Hands out addresses of one range in order, leaving out those that are in use. */
export function addressPool(first: string, taken: Iterable<string>): () => string {
  const used = new Set(taken)
  let next = toNumber(first)
  return () => {
    while (used.has(toText(next))) next += 1
    const address = toText(next)
    next += 1
    return address
  }
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function toText(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}
