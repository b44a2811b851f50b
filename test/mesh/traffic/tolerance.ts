/** How often a fair test may fail by chance: once in a million runs. */
const FALSE_ALARM = 1e-6

export interface Range {
  readonly least: number
  readonly most: number
}

/**
 * The numbers of successes of `trials` that are believable if each succeeds with `probability`: all but the tails of the
 * binomial distribution, each half as probable as a false alarm may be.
 */
export function believable(trials: number, probability: number): Range {
  const tail = FALSE_ALARM / 2
  return { least: quantile(trials, probability, tail), most: trials - quantile(trials, 1 - probability, tail) }
}

/** The largest k such that fewer than k successes are less probable than `tail`. */
function quantile(trials: number, probability: number, tail: number): number {
  let sum = 0
  for (let k = 0; k <= trials; k += 1) {
    sum += Math.exp(logBinomial(trials, k) + k * Math.log(probability) + (trials - k) * Math.log1p(-probability))
    if (sum > tail) return k
  }
  return trials
}

function logBinomial(n: number, k: number): number {
  let sum = 0
  for (let i = 1; i <= k; i += 1) sum += Math.log((n - k + i) / i)
  return sum
}
