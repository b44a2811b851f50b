import { canonical } from '../json.ts'
import type { AskedPort } from '../view/asked-ports.ts'
import { named } from '../view/manifest.ts'
import type { Finding } from './finding.ts'
import { keyOf, type Snapshot } from './snapshot.ts'

/**
 * Ports that are asked for and whose clients all still have plain TCP. `explained` are the names of objects that the
 * render's own results speak of: what is said to be left out is not lost silently.
 */
export function coverageFindings(
  asked: readonly AskedPort[],
  before: Snapshot,
  after: Snapshot,
  explained: ReadonlySet<string>,
): readonly Finding[] {
  return asked.flatMap((port) => {
    const listeners = [...before.values()].filter(
      ({ kind, name }) => kind === 'listener' && port.listeners.includes(name),
    )
    const served = listeners.some((was) => canonical(after.get(keyOf(was))?.value) !== canonical(was.value))
    if (listeners.length === 0 || served || explained.has(port.owner.metadata.name)) return []
    const message = `${named(port.owner)} port ${port.number}: no client's listener (${port.listeners.join(', ')}) has a filter, and no result says why`
    return [{ check: 'coverage', message }]
  })
}
