import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './functions.ts'

/**
 * The licences of the packages that a bundle may carry code of: the package's `dependencies`. Each of them asks for its text to
 * go along with copies. Throws for a package without one: somebody must look.
 */
export function notices(): string {
  const { dependencies }: { dependencies: Readonly<Record<string, string>> } = read('package.json')
  const parts = Object.keys(dependencies)
    .sort()
    .map((name) => {
      const folder = join('node_modules', name)
      const { version, license }: { version: string; license: string } = read(join(folder, 'package.json'))
      const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry))
      if (file === undefined)
        throw new Error(`${name} ${version} (${license}) has no licence text to go with the bundles`)
      return `${name} ${version} (${license})\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`
    })
  return `The bundles in this folder hold code of these packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}
