import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import type { Protocol } from '../sdk/protocol.ts'
import { readGolden } from './golden.ts'
import { read, text, view } from './view.ts'

const FILES = ['index.ts', 'main.ts', 'README.md', 'metadata.yaml'] as const

/** What the kpt functions catalog requires of every function (its `scripts/verify-docs.py`). */
const METADATA = ['image', 'description', 'tags', 'sourceURL', 'examplePackageURLs', 'emails', 'license'] as const

const FEWEST_CASES = 3

/** What a function's folder still lacks, one sentence each; empty: it is complete. */
export function missingParts(protocol: Protocol, folder: string): readonly string[] {
  const files = FILES.filter((file) => !existsSync(join(folder, file)))
  return [
    ...(basename(folder) === protocol.name
      ? []
      : [`the folder must be named \`${protocol.name}\`, as the protocol is`]),
    ...files.map((file) => `\`${file}\` is missing`),
    ...(files.includes('README.md') ? [] : readmeProblems(readFileSync(join(folder, 'README.md'), 'utf8'))),
    ...(files.includes('metadata.yaml') ? [] : metadataProblems(readFileSync(join(folder, 'metadata.yaml'), 'utf8'))),
    ...goldenProblems(folder),
  ]
}

function readmeProblems(readme: string): readonly string[] {
  const markers = ['<!--mdtogo:Short-->', '<!--mdtogo:Long-->'].filter((marker) => !readme.includes(marker))
  return [
    ...markers.map(
      (marker) => `\`README.md\` must have the marker \`${marker}\`, where the catalog's tools find the text`,
    ),
    ...(/\bTODO\b/.test(readme) ? ['`README.md` still has a TODO'] : []),
  ]
}

function metadataProblems(yaml: string): readonly string[] {
  const metadata: unknown = parse(yaml)
  return METADATA.filter((field) => {
    const value = read(metadata, field)
    return !Array.isArray(value) && text(value) === ''
  }).map((field) => `\`metadata.yaml\` must have \`${field}\``)
}

function goldenProblems(folder: string): readonly string[] {
  const { cases, orphans } = readGolden(folder)
  const failing = cases.filter(({ output = '' }) => isFailing(output))
  return [
    ...orphans.map((path) => `\`${path}\` belongs to no case: a case is \`golden/<case>/{in,out}.yaml\``),
    ...(cases.length >= FEWEST_CASES
      ? []
      : [`at least ${FEWEST_CASES} golden cases are needed; there are ${cases.length}`]),
    ...(failing.length > 0 ? [] : ['at least one golden case must fail (a result with `severity: error`)']),
  ]
}

function isFailing(output: string): boolean {
  const seen = view(output)
  return typeof seen !== 'string' && seen.results.some((result) => read(result, 'severity') === 'error')
}
