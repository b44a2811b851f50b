/** One thing that was proven, or was not: the unit that the closing line counts. */
export interface Verdict {
  readonly name: string
  /** Empty: proven. */
  readonly faults: readonly string[]
  /** What was not proven and why, though nothing is wrong. */
  readonly notes?: readonly string[]
}
