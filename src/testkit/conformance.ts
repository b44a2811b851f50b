import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Protocol } from '../sdk/protocol.ts'
import { type MeshOptions, meshes } from './arbitraries.ts'
import { missingParts } from './completeness.ts'
import { type GoldenCase, readGolden } from './golden.ts'
import { anyList } from './laws/any-list.ts'
import { type Law, laws } from './laws.ts'
import { type Subject, subjectOf } from './subject.ts'
import { read, view } from './view.ts'

/** How far the random meshes go. */
export interface ConformanceOptions extends MeshOptions {
  /** How many random meshes are tried. Default 40. */
  readonly meshes?: number
}

/**
 * Everything that this project asks of a protocol, in one line of its test: golden cases, every law over every case,
 * the laws over random meshes, and a complete folder.
 *
 *     conformance(protocol, import.meta.dirname)
 */
export function conformance(protocol: Protocol, folder: string, options: ConformanceOptions = {}): void {
  const subject = subjectOf(protocol)
  const { cases } = readGolden(folder)
  describe(protocol.name, () => {
    test('has a complete folder', () => {
      expect(missingParts(protocol, folder)).toEqual([])
    })
    describe.each(cases)('golden case $name', (one) => {
      test('prints out.yaml', () => printsItsOutput(subject, one))
      test.each(laws)('$name', async (law) => {
        expect(await law.violations(subject, one.input)).toEqual([])
      })
    })
    describe('random meshes', () => {
      test('keep every law', { timeout: 120_000 }, () => keepEveryLaw(subject, options))
    })
  })
}

async function printsItsOutput({ run }: Subject, { input, output, outputFile }: GoldenCase): Promise<void> {
  const execution = await run(input)
  if (output === undefined && !isUpdating())
    expect.fail(`${outputFile} is missing: write it with \`vitest run --update\`, and read it before you commit it`)
  await expect(execution.output ?? '').toMatchFileSnapshot(outputFile)
  const seen = view(execution.output ?? '')
  const results = typeof seen === 'string' ? [] : seen.results
  const isFailed = results.some((result) => read(result, 'severity') === 'error')
  expect(execution.exitCode, 'the exit code follows from the results').toBe(isFailed ? 1 : 0)
}

/** Whether files are rewritten; vitest never does so under `CI`. */
function isUpdating(): boolean {
  return expect.getState().snapshotState.snapshotUpdateState === 'all'
}

async function keepEveryLaw(subject: Subject, { meshes: numRuns = 40, ...options }: ConformanceOptions): Promise<void> {
  // Spoiling every field of every random mesh says nothing that the golden cases do not, and takes minutes.
  const tried: readonly Law[] = laws.filter((law) => law.violations !== anyList)
  await fc.assert(
    fc.asyncProperty(meshes(subject.protocol, options), async (mesh) => {
      for (const law of tried) expect(await law.violations(subject, mesh), law.name).toEqual([])
    }),
    { numRuns },
  )
}
