import { join } from 'node:path'
import { type Diagnostics, hasError } from '../krm/diagnostic.ts'
import { read } from '../krm/read.ts'
import { type Answer, answer } from '../sdk/answer.ts'
import { linesOf } from '../sdk/message-lines.ts'
import type { Protocol } from '../sdk/protocol.ts'
import { readsOf } from '../sdk/reads.ts'
import { readPackage, resourceListOf } from './package-files.ts'
import { routeReport } from './route-report.ts'
import { writeChange } from './written-files.ts'

/** What the command line prints, and whether it is bad news. */
export interface Report {
  readonly lines: readonly string[]
  readonly exitCode: 0 | 1
}

/**
 * Renders a directory with every protocol, writes the EnvoyFilters into it and tells the routes. An error writes nothing, as
 * a host would.
 */
export async function renderDirectory(directory: string, protocols: readonly Protocol[]): Promise<Report> {
  const { objects, problems } = readPackage(directory)
  if (problems.length > 0) return { lines: problems.map((problem) => `error: ${problem}`), exitCode: 1 }
  const answers: Answer[] = []
  for (const protocol of protocols) {
    const list = await read(resourceListOf(objects, protocol.kind), readsOf(protocol))
    answers.push(await answer(list, protocol))
  }
  const diagnostics = answers.flatMap((one) => one.diagnostics)
  const exitCode = hasError(diagnostics) ? 1 : 0
  const written =
    exitCode === 1
      ? []
      : answers.flatMap(({ list, rendering }) =>
          list === undefined || rendering === undefined ? [] : writeChange(directory, list.items, rendering.change),
        )
  const routes = answers.flatMap(({ rendering }) =>
    rendering === undefined ? [] : routeReport(rendering.emitted, rendering.profile.rootNamespace),
  )
  return { lines: [...routes, ...said(diagnostics), ...summary(directory, written, exitCode)], exitCode }
}

function said(diagnostics: Diagnostics): readonly string[] {
  // What is wrong with an object of Istio's is found by every protocol.
  const lines = [...new Set(linesOf(diagnostics))]
  return lines.length === 0 ? [] : ['What to know', ...lines.map((line) => `  ${line}`), '']
}

function summary(directory: string, written: readonly string[], exitCode: 0 | 1): readonly string[] {
  if (exitCode === 1) return ['Nothing was written: there are errors.']
  if (written.length === 0) return ['No EnvoyFilter is needed.']
  return ['EnvoyFilters written', ...written.map((path) => `  ${join(directory, path)}`)]
}
