/** Envoy's `config.core.v3.RuntimeFractionalPercent`, without a runtime key. */
export interface RuntimeFractionalPercent {
  readonly default_value: { readonly numerator: number; readonly denominator: Denominator }
}

type Denominator = 'HUNDRED' | 'TEN_THOUSAND' | 'MILLION'

const denominators: readonly (readonly [Denominator, number])[] = [
  ['HUNDRED', 1],
  ['TEN_THOUSAND', 100],
  ['MILLION', 10_000],
]

/** The finest step that Envoy can say, in percent. */
export const FINEST_PERCENTAGE = 0.0001

/** A percentage from 0 to 100 without loss, in the coarsest unit that says it; `undefined` where none does. */
export function runtimeFraction(percentage: number): RuntimeFractionalPercent | undefined {
  for (const [denominator, factor] of denominators) {
    const numerator = Math.round(percentage * factor)
    // Of a decimal fraction such as 0.07, binary floating point makes 7.000000000000001 hundredths.
    if (numerator / factor === percentage) return { default_value: { numerator, denominator } }
  }
  return undefined
}
