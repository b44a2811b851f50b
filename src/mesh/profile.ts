/** An Istio minor release, as users write it: `1.29`. */
export type IstioMinor = string

/**
 * What manifests cannot say, with defaults filled in: the `MeshProfile` of the list, overridden by the function's own
 * `functionConfig`.
 */
export interface MeshProfile {
  /** The proxies' releases that the output must load on, ascending, without gaps unless the user listed them so. */
  readonly istioVersions: readonly IstioMinor[]
  readonly rootNamespace: string
  readonly clusterDomain: string
  /** Overrides `exportTo`: the namespaces that clients' patches go to. Absent: from `exportTo`. */
  readonly clientScope?: readonly string[]
  /** Extensions that a custom proxy image has beside the stock ones. */
  readonly extensions: readonly string[]
  /** Fully qualified host -> VIPs, for Services whose `clusterIP` is not in Git. */
  readonly addresses: ReadonlyMap<string, readonly string[]>
  /** `spec.priority` of what is emitted; never 0. */
  readonly priority: number
  /** `permissive`: inbound patches spare the chain of TLS that the application itself terminates. */
  readonly mtls: 'auto' | 'strict' | 'permissive' | 'disable'
  /** Port numbers the user vouches for. */
  readonly matchByPort: readonly number[]
  /** Names of standing warnings that the user has read. */
  readonly acknowledge: readonly string[]
  /** What happens to intent that the protocol's filter cannot express. */
  readonly unsupported: 'error' | 'warning'
}

/** Fields of `spec` that a function's own `functionConfig` may hold as well; there they win. */
export const PROFILE_FIELDS: readonly string[] = [
  'istio',
  'rootNamespace',
  'clusterDomain',
  'clientScope',
  'proxy',
  'addresses',
  'priority',
  'mtls',
  'matchByPort',
  'acknowledge',
  'unsupported',
]

/** Releases of Istio whose proxies every output is proven against, ascending. */
export const SUPPORTED_ISTIO: readonly IstioMinor[] = ['1.29', '1.30', '1.31']
