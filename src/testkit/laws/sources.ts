import { SOURCE_ANNOTATION } from '../../envoyfilter/owner.ts'
import { list, read, text, type View } from '../view.ts'

/** The objects of the input that a filter says it comes from. */
export function sourcesOf(filter: unknown, { items }: View): readonly unknown[] {
  const names = text(read(filter, 'metadata', 'annotations', SOURCE_ANNOTATION)).split(', ')
  return items.map(({ value }) => value).filter((value) => names.includes(sourceName(value)))
}

function sourceName(object: unknown): string {
  const namespace = read(object, 'metadata', 'namespace') ?? 'default'
  return [read(object, 'apiVersion'), read(object, 'kind'), namespace, read(object, 'metadata', 'name')].join('/')
}

/** A port of a Service or ServiceEntry that asks for a protocol, by the naming rule alone. */
export interface AskingPort {
  readonly number: number
  /** What the pods listen on: a number, or the name of a container port. */
  readonly target: number | string
}

/** Ports whose name or appProtocol is `<protocol>`, `tcp-<protocol>`, or one of them and a suffix. */
export function askingPorts(object: unknown, protocol: string): readonly AskingPort[] {
  const isOurs = new RegExp(`^(tcp-)?${protocol}(-|$)`, 'i')
  return list(read(object, 'spec', 'ports')).flatMap((port) => {
    const { appProtocol, name } = { appProtocol: text(read(port, 'appProtocol')), name: text(read(port, 'name')) }
    const number = Number(read(port, 'port') ?? read(port, 'number'))
    if (!isOurs.test(appProtocol === '' || appProtocol === 'tcp' ? name : appProtocol)) return []
    const target = read(port, 'targetPort')
    return [{ number, target: typeof target === 'number' || typeof target === 'string' ? target : number }]
  })
}

/** Single addresses that the object itself says, and those that the profile says of its hosts. */
export function addressesOf(object: unknown, mesh: View): readonly string[] {
  return [...new Set(hostsOf(object).flatMap((host) => addressesOfHost(object, host, mesh)))]
}

/** The same for one of its hosts. */
export function addressesOfHost(object: unknown, host: string, mesh: View): readonly string[] {
  const spec = read(object, 'spec')
  const written = [read(spec, 'clusterIP'), ...list(read(spec, 'clusterIPs')), ...list(read(spec, 'addresses'))]
  return [...written, ...addressesByProfile(host, mesh)]
    .map(text)
    .filter((address) => address !== '' && address !== 'None')
    .map((address) => address.replace(/\/32$|\/128$/, ''))
    .filter((address) => !address.includes('/'))
}

function addressesByProfile(host: string, mesh: View): readonly unknown[] {
  const known = settingsOf(mesh).flatMap((one) => Object.entries(Object(read(one, 'spec', 'addresses'))))
  return known.filter(([other]) => isSameHost(host, other)).flatMap(([, address]) => address)
}

/** What says of the mesh what its objects do not: the functionConfig may say all that a MeshProfile says. */
export function settingsOf({ items, functionConfig }: View): readonly unknown[] {
  return [functionConfig, ...items.map(({ value }) => value).filter((value) => read(value, 'kind') === 'MeshProfile')]
}

/** Fully qualified as far as the object says so: the cluster's domain is left open. */
export function hostsOf(object: unknown): readonly string[] {
  if (read(object, 'kind') === 'ServiceEntry') return list(read(object, 'spec', 'hosts')).map(text)
  const namespace = text(read(object, 'metadata', 'namespace')) || 'default'
  return [`${text(read(object, 'metadata', 'name'))}.${namespace}.svc.`]
}

/** Whether two hosts, of which one may leave the domain open, are one. */
export function isSameHost(one: string, other: string): boolean {
  const isOpen = (host: string) => host.endsWith('.svc.')
  return one === other || (isOpen(one) && other.startsWith(one)) || (isOpen(other) && one.startsWith(other))
}

export function isService(object: unknown): boolean {
  const { apiVersion, kind } = { apiVersion: text(read(object, 'apiVersion')), kind: read(object, 'kind') }
  return (
    (kind === 'Service' && apiVersion === 'v1') ||
    (kind === 'ServiceEntry' && apiVersion.startsWith('networking.istio.io/'))
  )
}

/** Whether a run stopped before it looked at the mesh: what steers it is broken, so nothing is changed. */
export function isStopped(results: readonly unknown[], { functionConfig }: View): boolean {
  return results.some((result) => {
    const kind = read(result, 'resourceRef', 'kind')
    const steers = kind === undefined || kind === 'MeshProfile' || kind === read(functionConfig, 'kind')
    return read(result, 'severity') === 'error' && steers
  })
}
