import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SLOTS = 16384

/**
 * What a node of a Redis Cluster remembers (`nodes.conf`): with it nodes that start for the first time find each other as
 * after a restart, and nobody need join them. Masters by name with their addresses, each with an equal part of the slots.
 * What a node has learned since stays.
 */
export function writeClusterState(folder: string, self: string, masters: Readonly<Record<string, string>>): void {
  const file = join(folder, 'nodes.conf')
  if (existsSync(file)) return
  const names = Object.keys(masters)
  const first = (index: number): number => Math.ceil((index * SLOTS) / names.length)
  const lines = names.map((name, index) => {
    const flags = name === self ? 'myself,master' : 'master'
    const slots = `${first(index)}-${first(index + 1) - 1}`
    return `${nodeId(name)} ${masters[name]}:6379@16379 ${flags} - 0 0 ${index + 1} connected ${slots}`
  })
  writeFileSync(file, [...lines, `vars currentEpoch ${names.length} lastVoteEpoch 0`, ''].join('\n'))
}

/** Forty hexadecimal digits. */
function nodeId(name: string): string {
  return Buffer.from(name).toString('hex').padEnd(40, '0').slice(0, 40)
}
