import type { NetworkFilter, TypedConfig } from '../envoy/typed-config.ts'
import type { InboundListener, L7Port, OutboundListener } from '../mesh/l7-port.ts'
import type { IstioMinor } from '../mesh/profile.ts'

/**
 * Where a filter stands. `guard`: an access rule, in front of every other filter of ours, and on every chain of the port,
 * those that other filters spare (`mtls: permissive`) included. `before`: in front of istiod's `tcp_proxy`, which stays. `replace`: instead of it, as a
 * terminal filter must. `merge`: into istiod's own `tcp_proxy` (the same `@type`, never another).
 */
export type Placement =
  | { readonly place: 'guard'; readonly filter: NetworkFilter }
  | { readonly place: 'before'; readonly filter: NetworkFilter }
  | { readonly place: 'replace'; readonly filter: NetworkFilter }
  | { readonly place: 'merge'; readonly value: TypedConfig }

/**
 * A change to a cluster that istiod builds, by its exact name, or a further cluster. None takes one of istiod's away: whoever else
 * uses it would lose it, and a cluster of another type under its name crashes Envoy once istiod's own comes back.
 */
export type ClusterChange =
  | { readonly operation: 'MERGE'; readonly cluster: string; readonly value: Readonly<Record<string, unknown>> }
  | { readonly operation: 'ADD'; readonly value: Readonly<Record<string, unknown>> & { readonly name: string } }

/** An extension config delivered by ECDS: code that several filters refer to by name, carried once. */
export interface ExtensionConfig {
  readonly name: string
  readonly typed_config: TypedConfig
}

/** One line of the route table that a person reads: which calls, and where they go. */
export interface RouteRow {
  readonly calls: string
  readonly destination: string
}

/** What a protocol wants on a set of listeners. Intent only: matches, names, labels and contexts are `emit`'s. */
export interface Plan {
  /** In chain order; at most one `replace`, and it is the last. */
  readonly filters: readonly Placement[]
  readonly clusters: readonly ClusterChange[]
  readonly extensions?: readonly ExtensionConfig[]
  /**
   * Labels that a workload must bear, beside what else chooses it, or its proxy gets none of the plan: by them a pod says that
   * it has what a proxy would not survive without, such as a file.
   */
  readonly requiredLabels?: Readonly<Record<string, string>>
  /** The lines of the route table, made when somebody reads it: a host shows none. */
  readonly rows: () => readonly RouteRow[]
}

/** A plan and the listeners it is for. */
export type FilterPlan = (
  | { readonly direction: 'outbound'; readonly listener: OutboundListener }
  | { readonly direction: 'inbound'; readonly listener: InboundListener }
) & {
  readonly plan: Plan
  /** The releases whose proxies it is for; absent: all of the range. */
  readonly releases?: readonly IstioMinor[]
}

/** The port that gives a plan its name: the first by host name, so that names do not depend on input order. */
export function leadPort(plan: FilterPlan): L7Port {
  return plan.listener.ports[0]
}
