import { expect, it } from 'vitest'
import { count } from './tier.ts'

function report(counts: object, files: readonly object[] = []): string {
  const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
  return JSON.stringify({ ...none, ...counts, testResults: files })
}

it('counts what passed and what failed', () => {
  const file = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] }

  const outcome = count('unit', 1, report({ numPassedTests: 1, numFailedTests: 1 }, [file]))

  expect(outcome).toEqual({ passed: 1, failed: 1, missing: [] })
})

it('counts a file that fails before its first test', () => {
  const files = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{ status: 'passed' }] },
    { status: 'passed', assertionResults: [{ status: 'passed' }] },
  ]

  expect(count('unit', 1, report({ numPassedTests: 2 }, files))).toEqual({ passed: 2, failed: 2, missing: [] })
})

it('counts a run that fails though no test does, as by an unhandled rejection', () => {
  expect(count('unit', 1, report({ numPassedTests: 2 }))).toEqual({ passed: 2, failed: 1, missing: [] })
})

it('counts a run without a report as a failure', () => {
  expect(count('unit', 0, '')).toEqual({ passed: 0, failed: 1, missing: [] })
})

it('says what was skipped, which CI does not accept', () => {
  const outcome = count('unit', 0, report({ numPassedTests: 2, numPendingTests: 1, numTodoTests: 2 }))

  expect(outcome).toEqual({ passed: 2, failed: 0, missing: ['unit: 3 tests are marked as skipped'] })
})
