import { filtersOf, judged, type Run, type Subject } from '../subject.ts'
import { list, nameOf, read, text, type View } from '../view.ts'
import { addressesOf, askingPorts, hostsOf, isService, isStopped } from './sources.ts'

export function nothingSilent(subject: Subject, input: string): Promise<readonly string[]> {
  return judged(subject, input, (before, run) => silentPorts(subject, before, run))
}

function silentPorts(subject: Subject, before: View, run: Run): readonly string[] {
  // A foreign EnvoyFilter in the way is named instead of the service whose filter has no place.
  const isInTheWay = run.view.results.some((result) => read(result, 'resourceRef', 'kind') === 'EnvoyFilter')
  if (isStopped(run.view.results, before) || isInTheWay) return []
  const filters = filtersOf(subject, run.view)
  return unspoken(before, run).flatMap((service) =>
    askingPorts(service, subject.protocol.name).flatMap(({ number: port }) =>
      unserved(subject, filters, { service, port, addresses: addressesOf(service, before) }),
    ),
  )
}

/** Services for which only a filter can speak: no result is about them, and they are exported to somebody. */
function unspoken(before: View, { view: { results } }: Run): readonly unknown[] {
  const named = new Set(results.map(identityOf))
  const errors = results.filter((result) => read(result, 'severity') === 'error')
  const failed = new Set(errors.map(identityOf))
  const objects = before.items.map(({ value }) => value)
  // An error at a VirtualService stands for the hosts that it routes.
  const routed = objects
    .filter((object) => failed.has(identity(object)))
    .flatMap((object) => list(read(object, 'spec', 'hosts')))
  return objects.filter(
    (object) =>
      isService(object) &&
      !named.has(identity(object)) &&
      !list(read(object, 'spec', 'exportTo')).includes('~') &&
      !hostsOf(object).some((host) => routed.includes(host)),
  )
}

/** A port that clients dial at every address of its service. */
interface Dialled {
  readonly service: unknown
  readonly port: number
  readonly addresses: readonly string[]
}

function unserved(
  { protocol }: Subject,
  filters: readonly unknown[],
  { service, port, addresses }: Dialled,
): readonly string[] {
  const patches = filters.flatMap((filter) => list(read(filter, 'spec', 'configPatches')))
  const listeners = patches.map((patch) => read(patch, 'match', 'listener'))
  const names = new Set(listeners.map((listener) => text(read(listener, 'name'))))
  const isMatchedByPort = listeners.some((listener) => read(listener, 'portNumber') === port)
  const unmatched = addresses.filter((address) => !isMatchedByPort && !names.has(`${address}_${port}`))
  const said = JSON.stringify(patches)
  // A filter that ends the connection must say where calls go; an observer leaves that to tcp_proxy.
  const hosts = protocol.replacesTcpProxy ? hostsOf(service).filter((host) => !said.includes(host)) : []
  return [...unmatched, ...hosts].map(
    (missing) => `${nameOf(service)}: neither a filter nor a result for ${missing}:${port}`,
  )
}

function identity(object: unknown): string {
  return JSON.stringify([read(object, 'kind'), read(object, 'metadata', 'namespace'), read(object, 'metadata', 'name')])
}

/** Of the object that a result is about. */
function identityOf(result: unknown): string {
  const ref = read(result, 'resourceRef')
  return JSON.stringify([read(ref, 'kind'), read(ref, 'namespace'), read(ref, 'name')])
}
