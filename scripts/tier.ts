import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './functions.ts'

/** What a tier did. `missing` says what could not run, why, and how to make it run. */
export interface Outcome {
  readonly passed: number
  readonly failed: number
  readonly missing: readonly string[]
}

/** A part of `npm test` that stands or falls by itself. */
export interface Tier {
  readonly name: string
  /** Whether it runs what the build leaves. */
  readonly needsBuild?: true
  run(): Promise<Outcome>
}

/** Runs a program of the package that only succeeds or fails: it counts as one test. */
export async function check(program: string, args: readonly string[]): Promise<Outcome> {
  const succeeded = (await execute(program, args)) === 0
  return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, missing: [] }
}

/** Runs a tier with a runner of its own, which writes its outcome to the file that `--report` names. */
export async function reported(name: string, program: string): Promise<Outcome> {
  const { code, report } = await withReport((file) => execute('tsx', [program, '--report', file]))
  if (report === '') return { passed: 0, failed: 1, missing: [] }
  const said: Outcome = JSON.parse(report)
  const outcome = { ...said, missing: said.missing.map((line) => `${name}: ${line}`) }
  // It may fail in what comes after its report.
  const unexplained = code !== 0 && outcome.failed === 0 && outcome.missing.length === 0
  return unexplained ? { ...outcome, failed: 1 } : outcome
}

/** Runs the tests of a vitest project, or the given files of it, and counts them by vitest's own report. */
export async function vitest(project: string, files: readonly string[] = []): Promise<Outcome> {
  const { code, report } = await withReport((file) => {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    return execute('vitest', ['run', '--project', project, ...reporters, ...files])
  })
  return count(project, code, report)
}

/** Runs something that writes a report to the file it is given; an empty report if it did not come so far. */
async function withReport(
  run: (file: string) => Promise<number>,
): Promise<{ readonly code: number; readonly report: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'meltemi-test-'))
  const file = join(folder, 'report.json')
  try {
    const code = await run(file)
    return { code, report: existsSync(file) ? readFileSync(file, 'utf8') : '' }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/** What a run of vitest comes to, by its exit code and its JSON report. */
export function count(project: string, code: number, text: string): Outcome {
  // Without a report vitest did not come as far as the tests.
  if (text === '') return { passed: 0, failed: 1, missing: [] }
  const report: Report = JSON.parse(text)
  // A file that fails before its first test is in the report with no failed test.
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length
  const failed = report.numFailedTests + broken
  const skipped = report.numPendingTests + report.numTodoTests
  return {
    passed: report.numPassedTests,
    // An unhandled rejection fails the run and no test.
    failed: failed === 0 && code !== 0 ? 1 : failed,
    missing: skipped === 0 ? [] : [`${project}: ${skipped} tests are marked as skipped`],
  }
}

/** Runs a program of the package or the PATH with this process's own output; its exit code. */
function execute(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: path },
    })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}
