import type { Explanation, Resource } from '../control-plane.ts'
import { changedChains, keyOf, type Snapshot, snapshot, withChanges } from './snapshot.ts'
import type { Patch } from './steps.ts'

/** What one patch changed: every proxy, and what of it. */
export interface Effect {
  readonly patch: Patch
  readonly before: Snapshot
  readonly after: Snapshot
  readonly changes: readonly Resource[]
}

export function effects(patches: readonly Patch[], explanation: Explanation): readonly Effect[] {
  let before = snapshot(explanation.base)
  return patches.map((patch, index) => {
    const changes = explanation.steps[index] ?? []
    const after = withChanges(before, changes)
    const effect = { patch, before, after, changes }
    before = after
    return effect
  })
}

/** One line for each change of an effect, without its proxy: `listener 10.96.0.7_20880`. */
export function describeChange(change: Resource, before: Snapshot): string {
  if (change.value === null) return `${change.kind} ${change.name} removed`
  if (change.kind !== 'listener') return `${change.kind} ${change.name}`
  const chains = changedChains(before.get(keyOf(change))?.value, change.value).map(([, now]) => now.label)
  const all = chains.every((label) => label === 'chain') ? '' : `, ${[...new Set(chains)].join(', ')}`
  return `listener ${change.name}${all}`
}
