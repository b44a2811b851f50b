import type { Verdict } from './outcome.ts'

/** Prints faults as they come, and counts. */
export interface Report {
  add(verdict: Verdict): void
  /** Prints how far it has come under a heading. */
  heading(text: string): void
  readonly passed: number
  readonly failed: number
}

export function report(verbose: boolean): Report {
  const counts = { passed: 0, failed: 0 }
  return {
    get passed() {
      return counts.passed
    },
    get failed() {
      return counts.failed
    },
    heading: (text) => console.log(`\n--- ${text}`),
    add: ({ name, faults, notes = [] }) => {
      counts[faults.length === 0 ? 'passed' : 'failed'] += 1
      if (faults.length > 0) console.log(`FAILED ${name}`)
      else if (verbose) console.log(`ok ${name}`)
      for (const fault of faults) console.log(`       ${fault}`)
      for (const note of notes) console.log(`note   ${name}: ${note}`)
    },
  }
}
