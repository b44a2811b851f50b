import type { Inputs } from '../istio/decode.ts'
import type { DestinationRule } from '../istio/destination-rule.ts'
import { namespaceOf } from '../istio/metadata.ts'
import type { VirtualService } from '../istio/virtual-service.ts'
import { compare } from '../krm/compare.ts'
import { groupBy } from '../krm/group.ts'
import { at, describe, type Place, type Sourced } from '../krm/object.ts'
import { type AutoscalerIndex, indexAutoscalers } from './autoscaler-index.ts'
import { type HostIndex, indexHosts } from './host-index.ts'
import { expandHost } from './hostname.ts'
import { hostFinder } from './near.ts'
import { byPrecedence } from './precedence.ts'
import type { MeshProfile } from './profile.ts'
import { fromService, fromServiceEntry, type MeshPort, type MeshService } from './service.ts'
import { indexWorkloads, type WorkloadIndex } from './workload-index.ts'

/** Inputs with the indexes that the joins need; every list is in an order that does not depend on the input's. */
export interface Mesh {
  readonly profile: MeshProfile
  /** By host name. */
  readonly services: readonly MeshService[]
  readonly byHost: ReadonlyMap<string, readonly MeshService[]>
  /** Ports that have listeners, by number. */
  readonly byNumber: ReadonlyMap<number, readonly MeshPort[]>
  /** Those that bind sidecars, by the hosts and wildcards they claim; in a list, who comes first wins. */
  readonly claims: HostIndex<Claim>
  readonly destinationRules: HostIndex<Sourced<DestinationRule>>
  readonly workloads: WorkloadIndex
  readonly autoscalers: AutoscalerIndex
  /** The hosts of the list that a wrong one may have meant. */
  readonly near: (host: string) => readonly string[]
}

/** One of a VirtualService's `hosts`. */
export interface Claim {
  readonly virtualService: Sourced<VirtualService>
  readonly place: Place
  /** As written, with a short name expanded. */
  readonly host: string
}

export function indexMesh(inputs: Inputs, profile: MeshProfile): Mesh {
  const services = [
    ...inputs.services.map((service) => fromService(service, profile)),
    ...inputs.serviceEntries.flatMap((entry) => fromServiceEntry(entry, profile)),
  ].sort((a, b) => compare(a.hostname, b.hostname) || compare(describe(a.source.ref), describe(b.source.ref)))
  const listening = services.filter(({ addressing }) => addressing.type !== 'alias').flatMap(({ ports }) => ports)
  const claims = [...inputs.virtualServices]
    .sort(byPrecedence)
    .filter(({ value }) => bindsSidecars(value.spec.gateways))
    .flatMap((virtualService) => claimsOf(virtualService, profile))
  const destinationRules = [...inputs.destinationRules].sort(byPrecedence)
  const byHost = groupBy(services, ({ hostname }) => hostname)
  return {
    profile,
    services,
    byHost,
    byNumber: groupBy(
      listening.filter(({ istio }) => istio !== 'udp'),
      ({ number }) => number,
    ),
    claims: indexHosts(claims, ({ host }) => host),
    destinationRules: indexHosts(destinationRules, ({ value }) =>
      expandHost(value.spec.host, namespaceOf(value.metadata), profile.clusterDomain),
    ),
    workloads: indexWorkloads(inputs),
    autoscalers: indexAutoscalers(inputs.autoscalers),
    near: hostFinder(byHost.keys()),
  }
}

/** Whether routes bound to these gateways apply to sidecars: the reserved name `mesh`, which is also the default. */
export function bindsSidecars(gateways: readonly string[] | undefined): boolean {
  return gateways === undefined || gateways.length === 0 || gateways.includes('mesh')
}

export function claimsOf(virtualService: Sourced<VirtualService>, { clusterDomain }: MeshProfile): readonly Claim[] {
  const { value, source } = virtualService
  return (value.spec.hosts ?? []).map((written, i) => ({
    virtualService,
    place: at(source, `spec.hosts[${i}]`),
    host: expandHost(written, namespaceOf(value.metadata), clusterDomain),
  }))
}
