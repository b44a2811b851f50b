import type { KubernetesObject } from '../../../src/krm/object.ts'
import { listAt, objectAt, stringsAt, textAt } from '../json.ts'

/** What the cluster view must know of a case's MeshProfile and functionConfig. */
export interface ViewProfile {
  readonly rootNamespace: string
  readonly clusterDomain: string
  /** Host -> addresses, for Services without `clusterIP`. */
  readonly addresses: ReadonlyMap<string, readonly string[]>
  readonly matchByPort: readonly number[]
  readonly extensions: readonly string[]
  readonly clientScope?: readonly string[]
  /** Istio minors; empty: every one that is proven. */
  readonly istioVersions: readonly string[]
  readonly mtls: 'PERMISSIVE' | 'STRICT' | 'DISABLE'
}

/** `overrides` is the functionConfig, whose `spec` may repeat every field for one function. */
export function viewProfile(
  profile: KubernetesObject | undefined,
  overrides: KubernetesObject | undefined,
): ViewProfile {
  const spec = { ...objectAt(profile, 'spec'), ...objectAt(overrides, 'spec') }
  const mtls = textAt(spec, 'mtls')
  return {
    rootNamespace: textAt(spec, 'rootNamespace') ?? 'istio-system',
    clusterDomain: textAt(spec, 'clusterDomain') ?? 'cluster.local',
    addresses: new Map(Object.entries(objectAt(spec, 'addresses')).map(([host, value]) => [host, oneOrMore(value)])),
    matchByPort: listAt(spec, 'matchByPort').flatMap((port) => (typeof port === 'number' ? [port] : [])),
    extensions: stringsAt(spec, 'proxy', 'extensions'),
    ...('clientScope' in spec ? { clientScope: stringsAt(spec, 'clientScope') } : {}),
    istioVersions: minors(spec),
    mtls: mtls === 'strict' ? 'STRICT' : mtls === 'disable' ? 'DISABLE' : 'PERMISSIVE',
  }
}

function oneOrMore(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : stringsAt([value], 0)
}

/** `1.29 - 1.31`, `1.30` or a list of minors. */
function minors(spec: object): readonly string[] {
  const given: unknown = Reflect.get(Reflect.get(spec, 'istio') ?? {}, 'versions')
  if (Array.isArray(given)) return given.map(String)
  if (typeof given !== 'string' && typeof given !== 'number') return []
  const [first, last = first] = String(given)
    .split(' - ')
    .map((minor) => Number(minor.trim().split('.')[1]))
  if (first === undefined || last === undefined) return []
  return Array.from({ length: last - first + 1 }, (_, index) => `1.${first + index}`)
}
