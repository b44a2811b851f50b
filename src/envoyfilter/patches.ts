import type { ListenerMatch } from '../mesh/l7-port.ts'
import type { IstioMinor, MeshProfile } from '../mesh/profile.ts'
import type { ConfigPatch, ListenerSelector, PatchContext } from './envoy-filter.ts'
import type { ClusterChange, ExtensionConfig, FilterPlan, Placement } from './filter-plan.ts'

/** The filter that istiod itself builds on every TCP chain: the one thing that is always there to stand beside. */
const TCP_PROXY = 'envoy.filters.network.tcp_proxy'

/**
 * The patches of one plan, in the order in which istiod must see them: extension configs, guards, the filters of each
 * listener with `INSERT_BEFORE tcp_proxy` first and `REPLACE` last (after it there is no tcp_proxy left to stand before),
 * clusters.
 */
export function patches(plan: FilterPlan, profile: MeshProfile): readonly ConfigPatch[] {
  return allPatches(plan, profile).map((patch) => forReleases(plan.releases, patch))
}

function allPatches(plan: FilterPlan, profile: MeshProfile): readonly ConfigPatch[] {
  const context = plan.direction === 'outbound' ? 'SIDECAR_OUTBOUND' : 'SIDECAR_INBOUND'
  const { every, spared } = selectors(plan, profile)
  const { filters, clusters, extensions = [] } = plan.plan
  const guards = filters.filter(({ place }) => place === 'guard')
  const ordered = [
    ...filters.filter(({ place }) => place !== 'guard' && place !== 'replace'),
    ...filters.filter(({ place }) => place === 'replace'),
  ]
  return [
    ...extensions.map((extension) => extensionPatch(context, extension)),
    ...every.flatMap((selector) => guards.map((placement) => filterPatch(context, selector, placement))),
    ...spared.flatMap((selector) => ordered.map((placement) => filterPatch(context, selector, placement))),
    ...clusters.map((change) => clusterPatch(context, change)),
  ]
}

/**
 * Narrows a patch to the proxies of some releases. istiod searches `proxyVersion` (RE2, not anchored by itself) in the proxy's
 * ISTIO_VERSION, which is `1.30.3`, `1.30-alpha.1`, `1.30.0-rc.0` ...
 */
function forReleases(releases: readonly IstioMinor[] | undefined, patch: ConfigPatch): ConfigPatch {
  if (releases === undefined) return patch
  const versions = releases.map((release) => release.replaceAll('.', '\\.')).join('|')
  const proxy = { proxyVersion: `^(${versions})([^0-9].*)?$` }
  switch (patch.applyTo) {
    case 'NETWORK_FILTER':
      return { ...patch, match: { ...patch.match, proxy } }
    case 'CLUSTER':
      return { ...patch, match: { ...patch.match, proxy } }
    case 'EXTENSION_CONFIG':
      return { ...patch, match: { ...patch.match, proxy } }
  }
}

/** The listeners, or chains of one, of a plan: `every` is all there are, `spared` all but those that `mtls` spares. */
function selectors(
  plan: FilterPlan,
  { mtls }: MeshProfile,
): { readonly every: readonly ListenerSelector[]; readonly spared: readonly ListenerSelector[] } {
  if (plan.direction === 'outbound') {
    const every = plan.listener.matches.map(outboundSelector)
    return { every, spared: every }
  }
  const { containerPort } = plan.listener
  return { every: inboundSelectors(containerPort, 'auto'), spared: inboundSelectors(containerPort, mtls) }
}

function outboundSelector(match: ListenerMatch): ListenerSelector {
  const filterChain = { filter: { name: TCP_PROXY } }
  return match.kind === 'name' ? { name: match.name, filterChain } : { portNumber: match.portNumber, filterChain }
}

/**
 * By destination port alone, which is the container port: it finds the chain on `virtualInbound`, on listeners of a Sidecar
 * resource and on the HBONE listener alike. That covers all three chains of a PERMISSIVE port, the one for TLS that the
 * application terminates included; `permissive` spares that one, by naming the other two.
 */
function inboundSelectors(destinationPort: number, mtls: MeshProfile['mtls']): readonly ListenerSelector[] {
  const filter = { name: TCP_PROXY }
  if (mtls !== 'permissive') return [{ filterChain: { destinationPort, filter } }]
  return [
    { filterChain: { destinationPort, transportProtocol: 'raw_buffer', filter } },
    { filterChain: { destinationPort, transportProtocol: 'tls', applicationProtocols: 'istio', filter } },
  ]
}

function filterPatch(context: PatchContext, listener: ListenerSelector, placement: Placement): ConfigPatch {
  const match = { context, listener }
  switch (placement.place) {
    case 'guard':
    case 'before':
      return { applyTo: 'NETWORK_FILTER', match, patch: { operation: 'INSERT_BEFORE', value: placement.filter } }
    case 'replace':
      return { applyTo: 'NETWORK_FILTER', match, patch: { operation: 'REPLACE', value: placement.filter } }
    case 'merge':
      return {
        applyTo: 'NETWORK_FILTER',
        match,
        patch: { operation: 'MERGE', value: { name: TCP_PROXY, typed_config: placement.value } },
      }
  }
}

function clusterPatch(context: PatchContext, change: ClusterChange): ConfigPatch {
  switch (change.operation) {
    case 'MERGE':
      return {
        applyTo: 'CLUSTER',
        match: { context, cluster: { name: change.cluster } },
        patch: { operation: 'MERGE', value: change.value },
      }
    case 'ADD':
      return { applyTo: 'CLUSTER', match: { context }, patch: { operation: 'ADD', value: change.value } }
  }
}

function extensionPatch(context: PatchContext, extension: ExtensionConfig): ConfigPatch {
  return { applyTo: 'EXTENSION_CONFIG', match: { context }, patch: { operation: 'ADD', value: extension } }
}
