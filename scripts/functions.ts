import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The package's own folder. */
export const root: string = resolve(import.meta.dirname, '..')

/** The names of all functions: a function is a folder under `functions/` that holds an `index.ts`. In code-unit order. */
export function functionNames(): readonly string[] {
  const folder = join(root, 'functions')
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'index.ts')))
    .sort()
}
