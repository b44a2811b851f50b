import { readFileSync } from 'node:fs'

/** What a log holds so far; nothing while its program has not made it yet. */
export function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
