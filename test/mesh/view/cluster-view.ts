import type { KubernetesObject } from '../../../src/krm/object.ts'
import type { MeshProxy } from '../control-plane.ts'
import { listAt, stringsAt, textAt } from '../json.ts'
import { addressPool } from './addresses.ts'
import { type AskedPort, askedPorts } from './asked-ports.ts'
import { endpointSlice } from './endpoint-slices.ts'
import { isLocalConfig, isRead, named, namespaceOf } from './manifest.ts'
import type { ViewProfile } from './mesh-profile.ts'
import { missingPods } from './missing-pods.ts'
import { neighbours } from './neighbours.ts'
import { hasSidecar, podsOf, runningPod, withSidecar } from './pods.ts'
import { gateways, sidecar } from './proxies.ts'
import { storedService } from './services.ts'
import { withoutIstioAlpn } from './stock-envoy.ts'

/** What Git holds plus what a cluster would add, made from the manifests alone. */
export interface ClusterView {
  /** For istiod, without the EnvoyFilters under test. */
  readonly objects: readonly KubernetesObject[]
  readonly pods: readonly KubernetesObject[]
  /** Every pod with a sidecar, a client in every namespace concerned and in a strange one, and the gateways. */
  readonly proxies: readonly MeshProxy[]
  readonly asked: readonly AskedPort[]
}

export interface ViewOptions {
  readonly profile: ViewProfile
  /** Which protocols' ports are asked for. */
  readonly protocols: readonly string[]
  /** Namespaces that must have a client, beside those of the Services. */
  readonly clientNamespaces: readonly string[]
  /** Labels that some clients bear beside those of the others: in each namespace one client more for each entry. */
  readonly clientLabels: readonly Readonly<Record<string, string>>[]
  readonly istioVersion: string
  /**
   * Whether to add what is not in the manifests and any cluster might have: pods for selectors that find none, clients,
   * and a Service of another team on each port number that is asked for. Without it the manifests are the whole cluster.
   */
  readonly populated: boolean
}

/** A namespace that no manifest names: what reaches it reaches the whole mesh. */
export const STRANGE_NAMESPACE = 'somewhere-else'

/** Adds what a cluster would: defaults, addresses, pods, endpoints, other teams, and the mesh's mTLS mode. */
export function clusterView(manifests: readonly KubernetesObject[], options: ViewOptions): ClusterView {
  const { profile } = options
  const applied = manifests.filter((object) => !isLocalConfig(object))
  const allocateVip = addressPool('10.96.0.10', addressesIn(applied, profile))
  const allocatePod = addressPool('10.1.0.10', podAddressesIn(applied))
  const stored = applied.filter(isRead).map((object) => store(object, profile, allocateVip))
  const given = podsOf(applied, allocatePod)
  const pods = options.populated ? [...given, ...missingPods(stored, given, allocatePod)] : given
  const asked = options.protocols.flatMap((protocol) => askedPorts(protocol, stored, pods))
  const others = options.populated
    ? neighbours(asked, profile.matchByPort, allocateVip, allocatePod)
    : { services: [], pods: [] }
  const clients = clientNamespaces(stored, options).flatMap((namespace) => [
    client(CLIENT, namespace, {}, allocatePod()),
    ...options.clientLabels.map((labels, index) => client(`${CLIENT}-${index}`, namespace, labels, allocatePod())),
  ])
  const allPods = [...pods, ...others.pods, ...clients]
  const services = [...stored, ...others.services].filter(({ kind }) => kind === 'Service')
  const objects = [
    ...stored.filter(({ kind }) => kind !== 'Pod'),
    ...others.services,
    ...allPods,
    ...services.flatMap((service) => endpointSlice(service, allPods)),
    meshWideMtls(profile),
    withoutIstioAlpn(profile.rootNamespace),
  ]
  const sidecars = allPods.filter(hasSidecar).map((pod) => sidecar(pod, options.istioVersion))
  return {
    objects: unique(objects),
    pods: allPods,
    asked,
    proxies: [...sidecars, ...gateways(stored, allocatePod, options.istioVersion)],
  }
}

function store(object: KubernetesObject, profile: ViewProfile, allocate: () => string): KubernetesObject {
  const placed = { ...object, metadata: { ...object.metadata, namespace: namespaceOf(object) } }
  if (object.kind !== 'Service') return placed
  const known = profile.addresses.get(`${object.metadata.name}.${namespaceOf(object)}.svc.${profile.clusterDomain}`)
  return storedService(placed, () => known?.[0] ?? allocate())
}

function addressesIn(objects: readonly KubernetesObject[], profile: ViewProfile): readonly string[] {
  const written = objects.flatMap((object) => [
    textAt(object, 'spec', 'clusterIP') ?? '',
    ...stringsAt(object, 'spec', 'clusterIPs'),
    ...stringsAt(object, 'spec', 'addresses'),
  ])
  return [...written, ...[...profile.addresses.values()].flat()]
}

function podAddressesIn(objects: readonly KubernetesObject[]): readonly string[] {
  return objects.flatMap((object) => [
    textAt(object, 'status', 'podIP') ?? '',
    textAt(object, 'spec', 'address') ?? '',
    ...listAt(object, 'spec', 'endpoints').map((endpoint) => textAt(endpoint, 'address') ?? ''),
  ])
}

function clientNamespaces(objects: readonly KubernetesObject[], options: ViewOptions): readonly string[] {
  const owners = objects.filter(({ kind }) => kind === 'Service' || kind === 'ServiceEntry').map(namespaceOf)
  if (!options.populated) return []
  const all = new Set([...owners, ...options.clientNamespaces, STRANGE_NAMESPACE])
  all.delete(options.profile.rootNamespace)
  return [...all].sort()
}

const CLIENT = 'meltemi-client'

function client(
  name: string,
  namespace: string,
  more: Readonly<Record<string, string>>,
  address: string,
): KubernetesObject {
  const labels = withSidecar({ app: CLIENT, ...more })
  return runningPod({ name, namespace, labels, address, containers: [], serviceAccount: 'default' })
}

function meshWideMtls(profile: ViewProfile): KubernetesObject {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace: profile.rootNamespace },
    spec: { mtls: { mode: profile.mtls } },
  }
}

/** Of two objects of one name the first stands: the repository's own goes before what the view adds. */
function unique(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const seen = new Set<string>()
  return objects.filter((object) => {
    const key = `${object.apiVersion.split('/')[0]} ${named(object)}`
    return seen.has(key) ? false : seen.add(key)
  })
}
