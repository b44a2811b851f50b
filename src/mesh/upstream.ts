import { type Diagnostic, warning } from '../krm/diagnostic.ts'
import type { Place } from '../krm/object.ts'
import { podsOf } from './autoscaler-index.ts'
import type { Located } from './destination.ts'
import type { Target } from './l7-port.ts'
import { type ListedAddress, listedAddresses } from './listed-addresses.ts'
import type { Mesh } from './mesh.ts'
import { policiesOf } from './policies.ts'
import { selects } from './selection.ts'
import { selectorOf } from './selector.ts'
import type { MeshPort, MeshService } from './service.ts'
import { type PolicyParts, policyParts } from './traffic-policy.ts'
import { selected } from './workload-index.ts'

/** A target, and what decides how istiod's cluster for it behaves: the same for whoever names it. */
export interface Upstream extends Omit<Target, 'place'> {
  /** `spec.ports[i]` of its Service or ServiceEntry. */
  readonly portPlace: Place
  readonly namespace: string
  /** Of its ServiceEntry. */
  readonly subjectAltNames: readonly string[]
  readonly discovery: Discovery
  readonly kind: 'Service' | 'ServiceEntry'
  /** Where its ServiceEntry says that it is served. */
  readonly addresses: readonly ListedAddress[]
  /** How many endpoints it has, as far as the list says; absent: the list does not say. */
  readonly endpoints?: number
  /** What its DestinationRules say, part by part. */
  readonly policy: PolicyParts
  /** Whether istiod's cluster speaks HTTP/2, without which a gRPC service cannot be reached. */
  readonly isHttp2: boolean
  /** Whether its port is one that the protocol has a filter for, which changes its cluster. */
  readonly isOfProtocol: boolean
}

/**
 * Where a cluster's endpoints come from: istiod's EDS, DNS, or the address that the client dialled (type ORIGINAL_DST),
 * which a filter that ends the connection does not hand on, so that it has no endpoint at all.
 */
export type Discovery = 'eds' | 'dns' | 'dialled'

/** What decides which ports a protocol has filters for. */
export interface UpstreamRules {
  readonly name: string
  readonly needsEndpoints?: boolean
}

/** What the list says about a target for these clients, for a filter of `protocol`. */
export function upstreamOf(
  { target, port }: Located,
  clients: readonly string[],
  mesh: Mesh,
  protocol: UpstreamRules,
): Upstream {
  const { service } = port
  const policy = policyParts(policiesOf(service, clients, mesh), port.number, target.subset)
  const endpoints = endpointsOf(service, mesh)
  const { place: _, ...cluster } = target
  return {
    ...cluster,
    portPlace: port.place,
    namespace: service.namespace,
    subjectAltNames: service.subjectAltNames,
    discovery: isPassthrough(policy) ? 'dialled' : discoveryOf(service),
    kind: service.kind,
    addresses: listedAddresses(port),
    policy,
    isHttp2: port.istio === 'http2',
    isOfProtocol:
      selects(protocol.name, port) && !(protocol.needsEndpoints === true && discoveryOf(service) === 'dialled'),
    // A subset may have fewer, which would only make it safer.
    ...(endpoints === undefined ? {} : { endpoints }),
  }
}

/** A headless Service, or a ServiceEntry without resolution, is dialled by the addresses of its pods. */
export function discoveryOf({ addressing, resolution }: MeshService): Discovery {
  if (addressing.type === 'headless' || resolution === 'NONE') return 'dialled'
  return resolution?.startsWith('DNS') === true ? 'dns' : 'eds'
}

/** A port that stays plain TCP, since no filter that chooses endpoints can serve it. */
export function withoutEndpoints({ place, service, number }: MeshPort, protocol: string): Diagnostic {
  const what = service.addressing.type === 'headless' ? 'a headless Service' : 'a ServiceEntry with resolution NONE'
  const message = `${service.hostname}:${number} stays plain TCP: clients of ${what} dial its pods by address, and Istio's cluster for it (ORIGINAL_DST) has no endpoint that a ${protocol} filter could choose. For a filter, let clients use a Service with an address`
  return warning(place, message)
}

function isPassthrough({ loadBalancer }: PolicyParts): boolean {
  const { value } = loadBalancer ?? {}
  return typeof value === 'object' && value !== null && 'simple' in value && value.simple === 'PASSTHROUGH'
}

function endpointsOf(service: MeshService, { workloads, autoscalers }: Mesh): number | undefined {
  if (service.resolution?.startsWith('DNS') === true) return undefined
  if (service.endpoints.length > 0) return service.endpoints.length
  const selector = selectorOf(service)
  if (selector.type !== 'labels') return undefined
  const counts = selected(workloads, service.namespace, selector.labels).map((workload) =>
    workload.kind === 'machine' ? 1 : podsOf(workload.object, autoscalers),
  )
  // None in the list says nothing: the workload may well be elsewhere.
  if (counts.length === 0) return undefined
  return counts.reduce<number | undefined>(
    (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count),
    0,
  )
}
