import { counters, type Sidecar } from '../net/sidecar.ts'
import type { Expectation } from './scenario.ts'

/** Counters that an expectation names, of all sidecars concerned, summed over what a `*` stands for. */
export async function readCounters(
  sidecars: ReadonlyMap<string, Sidecar>,
  wanted: Expectation['counters'],
): Promise<ReadonlyMap<string, number>> {
  const read = new Map<string, number>()
  for (const [pod, names] of Object.entries(wanted)) {
    const sidecar = sidecars.get(pod)
    if (sidecar === undefined) throw new Error(`counters of ${pod}: it has no sidecar`)
    for (const name of Object.keys(names)) read.set(`${pod} ${name}`, sum(await counters(sidecar, pattern(name))))
  }
  return read
}

export function growth(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  pod: string,
  name: string,
): number {
  const key = `${pod} ${name}`
  return (after.get(key) ?? 0) - (before.get(key) ?? 0)
}

function pattern(name: string): string {
  const literal = name.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
  return `^${literal.replaceAll('*', '.*')}$`
}

function sum(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((total, value) => total + value, 0)
}
