import { ownerLabels } from '../../envoyfilter/owner.ts'
import { compare } from '../../krm/compare.ts'
import { filtersOf, judged, listText, type Run, runOn, type Subject } from '../subject.ts'
import { nameOf, type View } from '../view.ts'
import { isDestination } from './destinations.ts'
import { listenersOf, reachOf, standsAt } from './listeners.ts'
import { firstDifference } from './same-bytes.ts'
import { hostsOf, isSameHost, isService, isStopped, sourcesOf } from './sources.ts'

export function pruning(subject: Subject, input: string): Promise<readonly string[]> {
  return judged(subject, input, (before, run) => wronglyPruned(subject, before, run))
}

async function wronglyPruned(subject: Subject, before: View, run: Run): Promise<readonly string[]> {
  if (isStopped(run.view.results, before)) return keptAsTheyCame(subject, run, before)
  const sources = new Set(filtersOf(subject, run.view).flatMap((filter) => sourcesOf(filter, before)))
  const violations: string[] = []
  for (const source of sources) violations.push(...(await withoutSource(subject, run, before, source)))
  return [...violations, ...(await staleOutputs(subject, run, before))]
}

/** A run that cannot know what is wanted leaves the earlier outputs alone. */
function keptAsTheyCame(subject: Subject, run: Run, before: View): readonly string[] {
  const [came, left] = [before, run.view].map((seen) => JSON.stringify(filtersOf(subject, seen)))
  return came === left ? [] : ['the run stopped at its settings, and yet it changed earlier outputs']
}

/** The source is deleted from a package that was rendered before, as a user does it. */
async function withoutSource(subject: Subject, run: Run, before: View, source: unknown): Promise<readonly string[]> {
  const remaining = (seen: View) =>
    seen.items.map(({ value }) => value).filter((value) => JSON.stringify(value) !== JSON.stringify(source))
  const after = await runOn(subject, listText(remaining(run.view), before.functionConfig))
  const fresh = await runOn(subject, listText(remaining(before), before.functionConfig))
  if (typeof after === 'string' || typeof fresh === 'string') return [`without ${nameOf(source)}, it ${String(after)}`]
  const left = comparable(subject, after)
  const residue =
    left === comparable(subject, fresh)
      ? []
      : [firstDifference(`without ${nameOf(source)}, what is left`, comparable(subject, fresh), left)]
  const removal: Removal = { before, source, rivals: rivalsOf(before, source), after: filtersOf(subject, after.view) }
  const unconcerned = filtersOf(subject, run.view).filter((filter) => !isConcerned(filter, removal))
  const lost = unconcerned.filter((filter) => !left.includes(JSON.stringify(filter)))
  const kept = filtersOf(subject, after.view).filter((filter) => sourcesOf(filter, before).includes(source))
  const orphans = kept.filter((filter) => sourcesOf(filter, before).length === 1)
  return [
    ...residue,
    ...lost.map((filter) => `without ${nameOf(source)}, ${nameOf(filter)} is gone or changed too`),
    ...orphans.map((filter) => `without ${nameOf(source)}, its ${nameOf(filter)} is still there`),
  ]
}

/** Other objects that claim a host of the source: refused together with it, they take their places when it goes. */
function rivalsOf({ items }: View, source: unknown): readonly unknown[] {
  const others = items.map(({ value }) => value).filter((value) => value !== source && isService(value))
  return others.filter((value) => hostsOf(value).some((host) => hostsOf(source).some((own) => isSameHost(host, own))))
}

interface Removal {
  readonly before: View
  readonly source: unknown
  readonly rivals: readonly unknown[]
  readonly after: readonly unknown[]
}

/** Whether a filter may be another one without the source. */
function isConcerned(filter: unknown, removal: Removal): boolean {
  const { before, source, rivals } = removal
  const said = JSON.stringify(filter)
  // Who may stand on a listener that the source leaves, or that a rival takes, meets others there.
  const listeners = [source, ...rivals].flatMap((service) => listenersOf(service, before))
  const sources = sourcesOf(filter, before)
  return (
    sources.includes(source) ||
    hostsOf(source).some((host) => said.includes(host)) ||
    sources.some((one) => isDestination(one, source, before)) ||
    reachOf(filter, before).some((listener) => listeners.includes(listener)) ||
    isJoined(filter, removal)
  )
}

/** Whether a rival now serves the filter's pods too. */
function isJoined(filter: unknown, { before, rivals, after }: Removal): boolean {
  const later = after.filter((other) => standsAt(other) === standsAt(filter))
  return later.some((other) => sourcesOf(other, before).some((one) => rivals.includes(one)))
}

/** Outputs of earlier versions of this function go; those of others stay. */
async function staleOutputs(subject: Subject, run: Run, before: View): Promise<readonly string[]> {
  const { name } = subject.protocol
  const stale = envoyFilter('stale', { ...ownerLabels(name), 'meltemi.dev/format': 'v0' })
  const others = [envoyFilter('of-another-protocol', ownerLabels(`not${name}`)), envoyFilter('of-a-person', {})]
  const items = [stale, ...before.items.map(({ value }) => value), ...others]
  const after = await runOn(subject, listText(items, before.functionConfig))
  if (typeof after === 'string') return [`with a stale output, it ${after}`]
  const texts = after.view.items.map(({ value }) => JSON.stringify(value))
  const same = comparable(subject, after) === comparable(subject, run)
  return [
    ...(texts.includes(JSON.stringify(stale)) ? ['a stale output of an earlier version is kept'] : []),
    ...others
      .filter((other) => !texts.includes(JSON.stringify(other)))
      .map((other) => `${nameOf(other)} is not ours, and gone`),
    ...(same ? [] : ['a stale output of an earlier version changes what is emitted']),
  ]
}

function comparable(subject: Subject, { view: seen }: Run): string {
  return filtersOf(subject, seen)
    .map((filter) => JSON.stringify(filter))
    .sort(compare)
    .join('\n')
}

function envoyFilter(name: string, labels: Readonly<Record<string, string>>): unknown {
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name, namespace: 'law-of-pruning', labels },
    spec: { configPatches: [] },
  }
}
