import type { NetworkFilter, TypedConfig } from '../envoy/typed-config.ts'
import type { KubernetesObject, ObjectMeta } from '../krm/object.ts'

/** Istio's EnvoyFilter, as far as this project writes it (networking.istio.io/v1alpha3 is its only version). */
export interface EnvoyFilter extends KubernetesObject {
  readonly apiVersion: 'networking.istio.io/v1alpha3'
  readonly kind: 'EnvoyFilter'
  readonly metadata: ObjectMeta & { readonly namespace: string }
  readonly spec: EnvoyFilterSpec
}

export interface EnvoyFilterSpec {
  readonly priority: number
  readonly workloadSelector?: { readonly labels: Readonly<Record<string, string>> }
  readonly configPatches: readonly ConfigPatch[]
}

/** Absent is ANY, which would hit gateways too: always written. */
export type PatchContext = 'SIDECAR_OUTBOUND' | 'SIDECAR_INBOUND'

/** Which proxies, by a regular expression on their ISTIO_VERSION. */
export interface ProxyMatch {
  readonly proxyVersion: string
}

export type ConfigPatch = NetworkFilterPatch | ClusterPatch | ExtensionConfigPatch

export interface NetworkFilterPatch {
  readonly applyTo: 'NETWORK_FILTER'
  readonly match: { readonly context: PatchContext; readonly proxy?: ProxyMatch; readonly listener: ListenerSelector }
  readonly patch:
    | { readonly operation: 'INSERT_BEFORE' | 'REPLACE'; readonly value: NetworkFilter }
    | { readonly operation: 'MERGE'; readonly value: { readonly name: string; readonly typed_config: TypedConfig } }
}

export interface ListenerSelector {
  readonly name?: string
  readonly portNumber?: number
  readonly filterChain: {
    readonly destinationPort?: number
    readonly transportProtocol?: string
    readonly applicationProtocols?: string
    readonly filter: { readonly name: string }
  }
}

export interface ClusterPatch {
  readonly applyTo: 'CLUSTER'
  readonly match: {
    readonly context: PatchContext
    readonly proxy?: ProxyMatch
    readonly cluster?: { readonly name: string }
  }
  readonly patch: { readonly operation: 'MERGE' | 'ADD'; readonly value: Readonly<Record<string, unknown>> }
}

export interface ExtensionConfigPatch {
  readonly applyTo: 'EXTENSION_CONFIG'
  readonly match: { readonly context: PatchContext; readonly proxy?: ProxyMatch }
  readonly patch: { readonly operation: 'ADD'; readonly value: NetworkFilter }
}
