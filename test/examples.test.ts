import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Protocol } from 'meltemi'
import { expect, onTestFinished, test } from 'vitest'
import { functionNames, root } from '../scripts/functions.ts'
import { renderDirectory } from '../src/cli/render.ts'

const examples = join(root, 'examples')

/** Where it does not: `npm run build`, `node dist/meltemi.mjs render examples/<name>`, and read what has changed. */
test.each(readdirSync(examples))('examples/%s holds what the functions of today render', async (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'meltemi-example-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(join(examples, name), folder, { recursive: true })

  const { lines, exitCode } = await renderDirectory(folder, await protocols())

  expect(exitCode, lines.join('\n')).toBe(0)
  const held = contents(join(examples, name))
  expect(Object.keys(held).some((path) => path.startsWith('meltemi/'))).toBe(true)
  expect(contents(folder)).toEqual(held)
})

function protocols(): Promise<readonly Protocol[]> {
  return Promise.all(
    functionNames().map(async (name) => {
      const { default: protocol }: { default: Protocol } = await import(join(root, 'functions', name, 'index.ts'))
      return protocol
    }),
  )
}

/** The text of every file of a folder, by path. */
function contents(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((file) => join(file.parentPath, file.name)).sort()
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]))
}
