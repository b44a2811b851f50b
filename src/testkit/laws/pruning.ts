import { ownerLabels } from '../../envoyfilter/owner.ts'
import { compare } from '../../krm/compare.ts'
import { filtersOf, judged, listText, type Run, runOn, type Subject } from '../subject.ts'
import { list, nameOf, read, text, type View } from '../view.ts'
import { firstDifference } from './same-bytes.ts'
import { addressesOf, hostsOf, isService, isStopped, sourcesOf } from './sources.ts'

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
  const hosts = hostsOf(source)
  // Who stands beside the source may get its listener, and who sends calls to its host loses a destination. A rival for one of its
  // hosts was refused together with it, and now takes its place beside others.
  const appearing = [source, ...rivalsOf(before, source)]
  const unconcerned = filtersOf(subject, run.view).filter((filter) => {
    const said = JSON.stringify(filter)
    const isNeighbour = sourcesOf(filter, before).some((other) => appearing.some((one) => isBeside(before, one, other)))
    return !isNeighbour && !hosts.some((host) => said.includes(host))
  })
  const lost = unconcerned.filter((filter) => !left.includes(JSON.stringify(filter)))
  const kept = filtersOf(subject, after.view).filter((filter) => sourcesOf(filter, before).includes(source))
  const orphans = kept.filter((filter) => sourcesOf(filter, before).length === 1)
  return [
    ...residue,
    ...lost.map((filter) => `without ${nameOf(source)}, ${nameOf(filter)} is gone or changed too`),
    ...orphans.map((filter) => `without ${nameOf(source)}, its ${nameOf(filter)} is still there`),
  ]
}

/** Other objects that claim a host of the source. */
function rivalsOf({ items }: View, source: unknown): readonly unknown[] {
  const hosts = hostsOf(source)
  const others = items.map(({ value }) => value).filter((value) => value !== source && isService(value))
  return others.filter((value) => hostsOf(value).some((host) => hosts.includes(host)))
}

/** Whether two services claim one host or stand on one listener, or on listeners that are matched by one port number. */
function isBeside(before: View, one: unknown, other: unknown): boolean {
  const hosts = hostsOf(one)
  const listeners = listenersOf(one)
  const vouched = vouchedPorts(before)
  const ports = numbersOf(one).filter((number) => vouched.includes(number))
  return (
    one === other ||
    hostsOf(other).some((host) => hosts.includes(host)) ||
    listenersOf(other).some((address) => listeners.includes(address)) ||
    numbersOf(other).some((number) => ports.includes(number))
  )
}

function vouchedPorts({ items, functionConfig }: View): readonly unknown[] {
  return [functionConfig, ...items.map(({ value }) => value)].flatMap((object) =>
    list(read(object, 'spec', 'matchByPort')),
  )
}

function numbersOf(service: unknown): readonly unknown[] {
  return list(read(service, 'spec', 'ports')).map((port) => read(port, 'port') ?? read(port, 'number'))
}

/** Those without an address share the wildcard's listener, and so do those with a range, beside their single addresses. */
function listenersOf(service: unknown): readonly string[] {
  const addresses = addressesOf(service)
  const written = list(read(service, 'spec', 'addresses')).map(text)
  const hasRange = written.some((address) => address.includes('/') && !/\/(32|128)$/.test(address))
  return addresses.length === 0 || hasRange ? [...addresses, '0.0.0.0'] : addresses
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
