import { filtersOf, judged, type Run, type Subject } from '../subject.ts'
import { list, nameOf, read, text, type View } from '../view.ts'
import { isHttp } from './listeners.ts'
import { addressesOf, askingPorts, hostsOf, isService, sourcesOf } from './sources.ts'

export function namesItsPort(subject: Subject, input: string): Promise<readonly string[]> {
  return judged(subject, input, (before, run) => wrongFilters(subject, before, run))
}

function wrongFilters(subject: Subject, before: View, run: Run): readonly string[] {
  const filters = filtersOf(subject, run.view)
  const mesh = meshOf(before)
  const added = new Set(filters.flatMap(addedClusters))
  return filters.flatMap((filter) => {
    const sources = sourcesOf(filter, before)
    if (sources.length === 0) return [`${nameOf(filter)} names no source that is in the input`]
    const ports = sources.flatMap((source) => askingPorts(source, subject.protocol.name))
    const asked: Asked = {
      numbers: ports.map(({ number }) => number),
      targets: ports.flatMap(({ target }) =>
        typeof target === 'number' ? [target] : (mesh.containerPorts.get(target) ?? []),
      ),
      addresses: [...sources.flatMap((source) => addressesOf(source, before)), '0.0.0.0'],
    }
    const patches = list(read(filter, 'spec', 'configPatches'))
    const wrong = [...patches.flatMap((patch) => wrongListener(patch, asked)), ...wrongClusters(patches, mesh, added)]
    return wrong.map((problem) => `${nameOf(filter)} ${problem}`)
  })
}

/** What the sources of one filter ask for. */
interface Asked {
  readonly numbers: readonly number[]
  readonly targets: readonly number[]
  readonly addresses: readonly string[]
}

function wrongListener(patch: unknown, { numbers, targets, addresses }: Asked): readonly string[] {
  if (read(patch, 'applyTo') !== 'NETWORK_FILTER') return []
  const listener = read(patch, 'match', 'listener')
  if (read(patch, 'match', 'context') === 'SIDECAR_INBOUND') {
    const port = Number(read(listener, 'filterChain', 'destinationPort'))
    return targets.includes(port) ? [] : [`is for container port ${port}; its sources have ${targets.join(', ')}`]
  }
  const [, address, named] = /^(.*)_(\d+)$/.exec(text(read(listener, 'name'))) ?? []
  const port = Number(named ?? read(listener, 'portNumber'))
  return [
    ...(numbers.includes(port) ? [] : [`is for port ${port}; its sources ask for ${numbers.join(', ')}`]),
    ...(address === undefined || addresses.includes(address)
      ? []
      : [`is for address ${address}; its sources have ${addresses.join(', ')}`]),
  ]
}

/** What the input says as a whole. */
interface Mesh {
  readonly containerPorts: ReadonlyMap<string, readonly number[]>
  readonly services: readonly unknown[]
  readonly subsets: ReadonlySet<string>
}

function meshOf({ items, functionConfig }: View): Mesh {
  const objects = [...items.map(({ value }) => value), functionConfig]
  const containerPorts = new Map<string, number[]>()
  for (const port of objects.flatMap(containerPortsOf)) {
    const name = text(read(port, 'name'))
    containerPorts.set(name, [...(containerPorts.get(name) ?? []), Number(read(port, 'containerPort'))])
  }
  return {
    containerPorts,
    services: objects.filter(isService),
    subsets: new Set(
      objects.flatMap((object) => list(read(object, 'spec', 'subsets')).map((subset) => text(read(subset, 'name')))),
    ),
  }
}

function containerPortsOf(object: unknown): readonly unknown[] {
  const spec = read(object, 'kind') === 'Pod' ? read(object, 'spec') : read(object, 'spec', 'template', 'spec')
  return list(read(spec, 'containers')).flatMap((container) => list(read(container, 'ports')))
}

function addedClusters(filter: unknown): readonly string[] {
  return list(read(filter, 'spec', 'configPatches'))
    .filter((patch) => read(patch, 'applyTo') === 'CLUSTER' && read(patch, 'patch', 'operation') === 'ADD')
    .map((patch) => text(read(patch, 'patch', 'value', 'name')))
}

/** Every cluster that is named must be one that istiod builds or a filter adds, and take the protocol's calls if they go there. */
function wrongClusters(
  patches: readonly unknown[],
  { services, subsets }: Mesh,
  added: ReadonlySet<string>,
): readonly string[] {
  // A filter's own questions, such as those to a rate-limit service, are gRPC.
  const called = namedClusters(patches, (key, value) => (key === 'envoy_grpc' ? undefined : value))
  return [...namedClusters(patches, (_, value) => value)].flatMap((name) => {
    const [, port = '', subset = '', host = ''] = name.split('|')
    const behind = services.filter((service) =>
      hostsOf(service).some((known) => host === known || host.startsWith(known)),
    )
    const ports = behind.flatMap((service) =>
      list(read(service, 'spec', 'ports')).map((one) => ({
        number: String(read(one, 'port') ?? read(one, 'number')),
        isHttp: isHttp(service, one),
      })),
    )
    const numbers = ports.map(({ number }) => number)
    const same = ports.filter(({ number }) => number === port)
    return [
      ...(behind.length === 0 ? [`sends calls to ${host}, which is not in the input`] : []),
      ...(behind.length > 0 && !numbers.includes(port)
        ? [`sends calls to ${host}:${port}, which has ${numbers.join(', ')}`]
        : []),
      ...(same.length > 0 && same.every((one) => one.isHttp) && called.has(name)
        ? [`sends calls to ${host}:${port}, which Istio takes for HTTP`]
        : []),
      ...(subset === '' || subsets.has(subset) || added.has(name)
        ? []
        : [`sends calls to subset ${subset}, which no DestinationRule has`]),
    ]
  })
}

function namedClusters(
  patches: readonly unknown[],
  replacer: (key: string, value: unknown) => unknown,
): ReadonlySet<string> {
  return new Set(JSON.stringify(patches, replacer).match(/outbound\|\d+\|[^|"]*\|[^|";]+/g))
}
