/** An Envoy minor release, `1.39`. */
export type EnvoyMinor = string

/** The Envoy that the proxies of an Istio release run: what `istio/proxy` of that release branch pins. */
const ENVOY_OF_ISTIO = {
  '1.29': '1.37',
  '1.30': '1.38',
  '1.31': '1.39',
} as const satisfies Readonly<Record<string, EnvoyMinor>>

/** Istio releases whose Envoy API is known, oldest first. */
export const supportedIstio: readonly string[] = Object.keys(ENVOY_OF_ISTIO)

/** The Envoy minor of an Istio release; `undefined` for a release that is unknown. */
export function envoyOf(istio: string): EnvoyMinor | undefined {
  return Object.entries(ENVOY_OF_ISTIO).find(([release]) => release === istio)?.[1]
}

/** The Istio release whose proxies run an Envoy minor; `undefined` for a minor that is unknown. */
export function istioOf(envoy: EnvoyMinor): string | undefined {
  return Object.entries(ENVOY_OF_ISTIO).find(([, minor]) => minor === envoy)?.[0]
}

/** Whether release `a` came before release `b`; both are `<major>.<minor>`. */
export function isOlder(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number)
  const [majorB = 0, minorB = 0] = b.split('.').map(Number)
  return majorA < majorB || (majorA === majorB && minorA < minorB)
}

/** The Envoy minors of Istio releases, in their order; releases that are unknown have none. */
export function envoyMinors(releases: readonly string[]): readonly EnvoyMinor[] {
  return releases.flatMap((release) => envoyOf(release) ?? [])
}
