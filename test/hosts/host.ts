import { inject } from 'vitest'
import type { ToolName } from './tools.ts'

/** The path of a host's program, which the setup has found; a test of a host that is not there fails and says so. */
export function host(name: ToolName): string {
  const found = inject('tools')[name]
  if ('missing' in found) throw new Error(found.missing)
  return found.path
}
