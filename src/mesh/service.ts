import { namespaceOf } from '../istio/metadata.ts'
import type { Service } from '../istio/service.ts'
import type { Endpoint, ServiceEntry } from '../istio/service-entry.ts'
import { at, type Place, type Source, type Sourced } from '../krm/object.ts'
import { type Addressing, addressingOfService, addressingOfServiceEntry, resolutionOf } from './addressing.ts'
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
  /** Those that a ServiceEntry lists itself. */
  readonly endpoints: readonly Endpoint[]
  readonly exportTo: readonly string[]
  /** Of a ServiceEntry: what its servers' certificates are held to, where no DestinationRule says it (pilot, `cluster_tls.go`). */
  readonly subjectAltNames: readonly string[]
  readonly ports: readonly MeshPort[]
}

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

export function fromService({ value, source }: Sourced<Service>, profile: MeshProfile): MeshService {
  const { metadata, spec } = value
  const namespace = namespaceOf(value.metadata)
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
    endpoints: [],
    exportTo: (annotations['networking.istio.io/exportTo'] ?? '').split(',').flatMap((name) => name.trim() || []),
    subjectAltNames: [],
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
      namespace: namespaceOf(value.metadata),
      annotations: metadata.annotations ?? {},
      addressing: addressingOfServiceEntry(value, profile.addresses.get(hostname) ?? []),
      endpoints: spec.endpoints ?? [],
      exportTo: spec.exportTo ?? [],
      subjectAltNames: spec.subjectAltNames ?? [],
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

function selectorField(labels: Readonly<Record<string, string>> | undefined): Pick<MeshService, 'selector'> {
  return labels === undefined || Object.keys(labels).length === 0 ? {} : { selector: labels }
}
