import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where builds and downloads are kept between runs: `MELTEMI_CACHE`, else `~/.cache/meltemi`. */
export function cacheFolder(): string {
  return process.env.MELTEMI_CACHE ?? join(homedir(), '.cache', 'meltemi')
}

/**
 * A folder of the cache, filled by `fill` on its first use. Filled beside its place and then renamed, so that a run that
 * is interrupted, or two at once, never leave half a folder.
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), name)
  if (exists(folder)) return folder
  mkdirSync(cacheFolder(), { recursive: true })
  const draft = mkdtempSync(join(cacheFolder(), 'draft-'))
  try {
    await fill(draft)
    if (!exists(folder)) renameSync(draft, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return folder
}

function exists(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0
  } catch {
    return false
  }
}

/** A hash of files by name and content: what is built from them is the same exactly when this is. */
export function contentHash(folder: string, files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update('\0')
  return hash.digest('hex').slice(0, 16)
}
