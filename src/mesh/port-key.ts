import type { L7Port } from './l7-port.ts'

/** What a port is found by, whichever of its listeners it stands behind: `host:port`. */
export function portKey({ hostname, number }: Pick<L7Port, 'hostname' | 'number'>): string {
  return `${hostname}:${number}`
}
