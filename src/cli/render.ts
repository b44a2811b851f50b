import { join } from 'node:path'
import { type Diagnostics, error } from '../krm/diagnostic.ts'
import { diagnosticsOf, resultOf } from '../krm/outcome.ts'
import { read } from '../krm/read.ts'
import type { Item } from '../krm/resource-list.ts'
import { messageLine } from '../sdk/message-lines.ts'
import { type Rendering, render } from '../sdk/pipeline.ts'
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

/** One protocol's part of the work. */
interface Rendered {
  readonly items: readonly Item[]
  readonly rendering: Rendering | undefined
  readonly diagnostics: Diagnostics
}

/**
 * Renders a directory with every protocol, writes the EnvoyFilters into it and tells the routes. An error writes nothing, as
 * a host would.
 */
export async function renderDirectory(directory: string, protocols: readonly Protocol[]): Promise<Report> {
  const { objects, problems } = readPackage(directory)
  if (problems.length > 0) return { lines: problems.map((problem) => `error: ${problem}`), exitCode: 1 }
  const rendered: Rendered[] = []
  for (const protocol of protocols) rendered.push(await renderOne(resourceListOf(objects, protocol.kind), protocol))
  const diagnostics = rendered.flatMap((one) => one.diagnostics)
  const exitCode = diagnostics.some(({ severity }) => severity === 'error') ? 1 : 0
  const written =
    exitCode === 1
      ? []
      : rendered.flatMap(({ items, rendering }) =>
          rendering === undefined ? [] : writeChange(directory, items, rendering.change),
        )
  const routes = rendered.flatMap(({ rendering }) =>
    rendering === undefined ? [] : routeReport(rendering.emitted, rendering.profile.rootNamespace),
  )
  return { lines: [...routes, ...said(diagnostics), ...summary(directory, written, exitCode)], exitCode }
}

async function renderOne(text: string, protocol: Protocol): Promise<Rendered> {
  const input = await read(text, readsOf(protocol))
  const list = resultOf(input)
  if (list === undefined) return { items: [], rendering: undefined, diagnostics: diagnosticsOf(input) }
  try {
    const outcome = await render(list, protocol)
    return {
      items: list.items,
      rendering: resultOf(outcome),
      diagnostics: [...diagnosticsOf(input), ...diagnosticsOf(outcome)],
    }
  } catch (thrown) {
    return {
      items: list.items,
      rendering: undefined,
      diagnostics: [error(undefined, `this is a bug in meltemi, please report it: ${String(thrown)}`)],
    }
  }
}

function said(diagnostics: Diagnostics): readonly string[] {
  const lines = [
    ...new Set(
      (['error', 'warning', 'info'] as const).flatMap((severity) =>
        diagnostics.filter((one) => one.severity === severity).map(messageLine),
      ),
    ),
  ]
  return lines.length === 0 ? [] : ['What to know', ...lines.map((line) => `  ${line}`), '']
}

function summary(directory: string, written: readonly string[], exitCode: 0 | 1): readonly string[] {
  if (exitCode === 1) return ['Nothing was written: there are errors.']
  if (written.length === 0) return ['No EnvoyFilter is needed.']
  return ['EnvoyFilters written', ...written.map((path) => `  ${join(directory, path)}`)]
}
