import { namespaceOf } from '../istio/metadata.ts'
import type { Service } from '../istio/service.ts'
import type { ServiceEntry } from '../istio/service-entry.ts'
import { at, type Place, type Source, type Sourced } from '../krm/object.ts'
import { singleAddress } from './address.ts'
import { serviceHost } from './hostname.ts'
import { type IstioProtocol, protocolOfServiceEntryPort, protocolOfServicePort } from './istio-protocol.ts'
import type { MeshProfile } from './profile.ts'

/** What istiod makes of a Service, or of one host of a ServiceEntry. */
export interface MeshService {
  readonly source: Source
  readonly kind: 'Service' | 'ServiceEntry'
  readonly hostname: string
  /** All hosts of the object; a Service has one. */
  readonly hosts: readonly string[]
  readonly namespace: string
  /** `NONE`, `STATIC`, `DNS`, ... of a ServiceEntry. */
  readonly resolution?: string
  readonly annotations: Readonly<Record<string, string>>
  readonly addressing: Addressing
  readonly selector?: Readonly<Record<string, string>>
  readonly exportTo: readonly string[]
  readonly ports: readonly MeshPort[]
}

/**
 * How clients' listeners for a service are found. `vips`: by these addresses. `unknown`: at an address that is not in
 * the list. `headless`: at every pod's. `alias`: an ExternalName Service has no listener of its own.
 */
export type Addressing =
  | { readonly type: 'vips'; readonly vips: readonly string[]; readonly ranges: readonly string[] }
  | { readonly type: 'unknown'; readonly ranges: readonly string[] }
  | { readonly type: 'headless' }
  | { readonly type: 'alias' }

export interface MeshPort {
  readonly service: MeshService
  readonly place: Place
  readonly number: number
  readonly name: string
  readonly appProtocol?: string
  readonly targetPort?: number | string
  /** What istiod takes the port for. */
  readonly istio: IstioProtocol
}

/** The address of the listener that ServiceEntries without an address share. */
export const wildcardAddress = '0.0.0.0'

export function fromService({ value, source }: Sourced<Service>, profile: MeshProfile): MeshService {
  const { metadata, spec } = value
  const namespace = namespaceOf(value)
  const annotations = metadata.annotations ?? {}
  const hostname = serviceHost(metadata.name, namespace, profile.clusterDomain)
  const ports: MeshPort[] = []
  const service: MeshService = {
    source,
    kind: 'Service',
    hostname,
    hosts: [hostname],
    namespace,
    annotations,
    addressing: addressingOfService(value, profile.addresses.get(hostname) ?? []),
    exportTo: (annotations['networking.istio.io/exportTo'] ?? '').split(',').flatMap((name) => name.trim() || []),
    ports,
    ...selectorField(spec.selector),
  }
  for (const [i, port] of (spec.ports ?? []).entries()) {
    if (port === undefined) continue
    ports.push({
      service,
      place: at(source, `spec.ports[${i}]`),
      number: port.port,
      name: port.name ?? '',
      istio: protocolOfServicePort(port),
      ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
      ...(port.targetPort === undefined ? {} : { targetPort: port.targetPort }),
    })
  }
  return service
}

/** One service for each host, in the order of `spec.hosts`. */
export function fromServiceEntry(
  { value, source }: Sourced<ServiceEntry>,
  profile: MeshProfile,
): readonly MeshService[] {
  const { metadata, spec } = value
  return spec.hosts.map((hostname) => {
    const ports: MeshPort[] = []
    const service: MeshService = {
      source,
      kind: 'ServiceEntry',
      hostname,
      hosts: spec.hosts,
      resolution: resolutionOf(value),
      namespace: namespaceOf(value),
      annotations: metadata.annotations ?? {},
      addressing: addressingOfServiceEntry(value, profile.addresses.get(hostname) ?? []),
      exportTo: spec.exportTo ?? [],
      ports,
      ...selectorField(spec.workloadSelector?.labels),
    }
    for (const [i, port] of (spec.ports ?? []).entries()) {
      if (port === undefined) continue
      ports.push({
        service,
        place: at(source, `spec.ports[${i}]`),
        number: port.number,
        name: port.name,
        istio: protocolOfServiceEntryPort(port),
        ...(port.targetPort === undefined ? {} : { targetPort: port.targetPort }),
      })
    }
    return service
  })
}

function addressingOfService({ spec }: Service, known: readonly string[]): Addressing {
  if (spec.type === 'ExternalName') return { type: 'alias' }
  const written = [...(spec.clusterIP === undefined ? [] : [spec.clusterIP]), ...(spec.clusterIPs ?? [])]
  const pinned = written.filter((address) => address !== '' && address !== 'None')
  const vips = unique([...pinned, ...known])
  if (vips.length > 0) return { type: 'vips', vips, ranges: [] }
  return written.includes('None') ? { type: 'headless' } : { type: 'unknown', ranges: [] }
}

function addressingOfServiceEntry(value: ServiceEntry, known: readonly string[]): Addressing {
  const { metadata, spec } = value
  const addresses = spec.addresses ?? []
  const ranges = addresses.filter((address) => singleAddress(address) === undefined)
  const vips = unique([...addresses.flatMap((address) => singleAddress(address) ?? []), ...known])
  if (vips.length > 0) return { type: 'vips', vips, ranges }
  if (addresses.length > 0) return { type: 'unknown', ranges }
  // istiod allocates no VIP for these two (pilot ip_autoallocation.go), so their listener is the wildcard's.
  const allocated = metadata.labels?.['networking.istio.io/enable-autoallocate-ip'] !== 'false'
  return resolutionOf(value) === 'NONE' || !allocated
    ? { type: 'vips', vips: [wildcardAddress], ranges }
    : { type: 'unknown', ranges }
}

/** NONE is the enumeration's zero, so it is what an absent `resolution` means. */
function resolutionOf({ spec }: ServiceEntry): string {
  return spec.resolution ?? 'NONE'
}

function selectorField(labels: Readonly<Record<string, string>> | undefined): Pick<MeshService, 'selector'> {
  return labels === undefined || Object.keys(labels).length === 0 ? {} : { selector: labels }
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}
