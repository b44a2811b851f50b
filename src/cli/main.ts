import { statSync } from 'node:fs'
import process from 'node:process'
import { version } from '../sdk/generated/version.ts'
import type { Protocol } from '../sdk/protocol.ts'
import { type Report, renderDirectory } from './render.ts'

/** The command line: `meltemi render <directory>`. The protocols are given, so that it knows none by name. */
export async function main(protocols: readonly Protocol[]): Promise<void> {
  const { lines, exitCode } = await command(process.argv.slice(2), protocols)
  process.exitCode = exitCode
  const text = `${lines.join('\n')}\n`
  if (exitCode === 0) process.stdout.write(text)
  else process.stderr.write(text)
}

async function command(args: readonly string[], protocols: readonly Protocol[]): Promise<Report> {
  const [name, directory, ...rest] = args
  if (name === '--version') return { lines: [`meltemi ${version}`], exitCode: 0 }
  if (name === '--help' || name === '-h') return { lines: usage(protocols), exitCode: 0 }
  if (name !== 'render' || directory === undefined || rest.length > 0) return { lines: usage(protocols), exitCode: 1 }
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true)
    return { lines: [`error: no such directory: ${directory}`], exitCode: 1 }
  return await renderDirectory(directory, protocols)
}

function usage(protocols: readonly Protocol[]): readonly string[] {
  return [
    'meltemi render <directory>',
    '',
    'Renders the EnvoyFilters of every protocol into a directory of manifests and shows the routes: what a host such as kpt or',
    'kustomize does with one function after the other. Errors are told and nothing is written.',
    '',
    `Protocols: ${protocols.map(({ name }) => name).join(', ')}. Options: --help, --version.`,
  ]
}
