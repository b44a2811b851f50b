import { chain, diagnosticsOf, fail, map, type Outcome } from 'meltemi'

/** Both values joined, or all that is wrong with either. */
export function both<A, B, C>(a: Outcome<A>, b: Outcome<B>, join: (a: A, b: B) => C): Outcome<C> {
  let isAsked = false
  const joined = chain(a, (x) => {
    isAsked = true
    return map(b, (y) => join(x, y))
  })
  // `chain` does not look at `b` where `a` has failed.
  return isAsked ? joined : fail([...diagnosticsOf(a), ...diagnosticsOf(b)])
}
