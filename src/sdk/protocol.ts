import type { Plan } from '../envoyfilter/filter-plan.ts'
import type { Diagnostics } from '../krm/diagnostic.ts'
import type { KubernetesObject, Place, Sourced } from '../krm/object.ts'
import type { Outcome } from '../krm/outcome.ts'
import type { Refused } from '../krm/resource-list.ts'
import type { SchemaValidator } from '../krm/schema-validator.ts'
import type { Feature, InboundListener, L7Port, OutboundListener } from '../mesh/l7-port.ts'
import type { MeshProfile } from '../mesh/profile.ts'
import type { Resolve } from '../mesh/resolve.ts'

/** What every stage of a protocol may look at besides the listener in hand. */
export interface Context<Config, Prepared = unknown> {
  readonly profile: MeshProfile
  /** `spec` of the functionConfig without the fields that every function shares; `{}` without one. */
  readonly config: Config
  /** Where the fields of `config` stand; absent without a functionConfig. */
  readonly configPlace?: Place
  /** Objects of the kinds that the protocol reads itself (`kinds`), decoded as far as `apiVersion`, `kind` and `metadata`. */
  readonly objects: readonly Sourced<KubernetesObject>[]
  /** The list's other items that may be of these kinds, and are in error: their words do not hold, and must not be passed over. */
  readonly refused: readonly Refused[]
  /** Finds the service of the list that such an object names, as a cluster that istiod builds. */
  readonly resolve: Resolve
  /** What `prepare` made. */
  readonly prepared: Prepared
}

/** A kind of object that only this protocol reads, beside Istio's: `{ group: 'dubbo.aeraki.io', kind: 'DubboAuthorizationPolicy' }`. */
export interface OwnKind {
  readonly group: string
  readonly kind: string
}

/** Everything the mesh has for this protocol, for checks that look at more than one listener. */
export interface Listeners {
  readonly outbound: readonly OutboundListener[]
  readonly inbound: readonly InboundListener[]
}

/** A layer-7 protocol: what one folder under `functions/` exports, inside this repository or outside. */
export interface Protocol<Config = unknown, Prepared = unknown> {
  /** Lower case; the function's, the image's and the folder's name, and the token that port names carry (`tcp-<name>`). */
  readonly name: string
  /** `kind` of the typed functionConfig, in PascalCase. */
  readonly kind: string
  /** One sentence for `--help`. */
  readonly summary: string
  /** Whether one filter can serve several services on one listener, by what the call itself says (Dubbo: the interface). */
  readonly sharesListeners: boolean
  /** Whether the filter chooses endpoints itself, so that it cannot use a cluster without any: of a headless Service, or of
   *  a ServiceEntry with resolution NONE. Default: no. */
  readonly needsEndpoints?: boolean
  /** Whether the filter stands instead of `tcp_proxy`, which decides what a `tcp[]` route and its settings become. */
  readonly replacesTcpProxy: boolean
  /** Names of the features (see `Feature.name`) that the protocol's filter can express; a name covers all below it. */
  readonly supports: readonly string[]
  /** Why a feature cannot be expressed, by feature name; the longest name that fits is said. */
  readonly reasons?: Readonly<Record<string, string>>
  /** Why a value cannot be expressed at a port though its field is supported; `undefined`: it can. */
  objection?(feature: Feature, port: L7Port, context: Context<Config, Prepared>): string | undefined
  readonly kinds?: readonly OwnKind[]
  /** Closed world: the protocol's own fields of `functionConfig.spec`. Absent: it has none. */
  readonly config?: SchemaValidator
  /** Envoy's API as far as the protocol emits it: `envoySchema` of `generated/envoy-schema.ts`, made from its `envoy.json`. */
  readonly envoySchema?: string
  /** Schemas of typed configs that Envoy's API does not have, by `@type`. */
  readonly schemas?: Readonly<Record<string, SchemaValidator>>
  /**
   * Whether plans may differ by the release of the proxy: then each release of the range is asked for by itself, as
   * `context.profile.istioVersions`, and where the plans differ, each goes to its own proxies. Default: no.
   */
  readonly variesByRelease?: boolean
  /** Before anything is translated, once a render: indexes of its own kinds, and what is wrong with them, for all that follows. */
  prepare?(listeners: Listeners, context: Context<Config, undefined>): Prepared
  outbound(listener: OutboundListener, context: Context<Config, Prepared>): Outcome<Plan>
  /** `undefined`: nothing on the server's side. */
  inbound?(listener: InboundListener, context: Context<Config, Prepared>): Outcome<Plan | undefined>
  /** Whether the user asked for the server's side, so that ports which cannot have it are told of. */
  wantsInbound?(context: Context<Config, Prepared>): boolean
  /** Said once a render, whatever the list holds: remarks that look at more than one listener. */
  remarks?(listeners: Listeners, context: Context<Config, Prepared>): Diagnostics
}

/**
 * Checks a protocol's definition at once, so that a mistake is found when the module loads and not in a cluster. A protocol
 * without any schema is let through with a warning: nothing will check what it emits.
 */
export function defineProtocol<Config, Prepared = unknown>(
  protocol: Protocol<Config, Prepared>,
): Protocol<Config, Prepared> {
  const { name, envoySchema, schemas } = protocol
  if (!/^[a-z][a-z0-9]*$/.test(name))
    throw new Error(`protocol name must be lower-case letters and digits, as it is a token of port names: "${name}"`)
  if (envoySchema === undefined && schemas === undefined)
    process.emitWarning(
      `protocol "${name}" has neither \`envoySchema\` nor \`schemas\`: nothing checks the configs that it emits`,
    )
  return protocol
}
