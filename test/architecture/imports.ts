import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'

/** The package's own folder. */
export const root: string = join(import.meta.dirname, '../..')

export interface SourceFile {
  /** A slash path relative to the package. */
  readonly path: string
  readonly text: string
  readonly imports: readonly string[]
}

/**
 * What a file imports, as it is written: `import`, `export … from`, `import()` of values and types. The formatter puts
 * each statement at the start of a line and its module in single quotes, which is what makes reading it by pattern safe.
 */
export function importsOf(text: string): readonly string[] {
  const bare = text.replaceAll(/^ *(?:\/\/|\/?\*).*$/gm, '')
  const statements = bare.matchAll(/^(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*'([^'\n]+)'/gm)
  const calls = bare.matchAll(/\bimport\(\s*'([^'\n]+)'/g)
  return [...statements, ...calls].map(([, name]) => name ?? '')
}

/** All TypeScript files below folders of the package; what is generated is left out. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
      .filter((path) => !path.includes('/generated/') && !path.includes('/node_modules/'))
      .sort()
      .map(sourceFile),
  )
}

function sourceFile(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text, imports: importsOf(text) }
}

/** Tests, and what tests share. */
export function isTest({ path }: SourceFile): boolean {
  return /\.test(-support)?\.ts$/.test(path)
}

/** The file that a relative import means, as a path relative to the package. */
export function targetOf({ path }: SourceFile, name: string): string | undefined {
  return name.startsWith('.') ? normalize(join(dirname(path), name)).replaceAll('\\', '/') : undefined
}
