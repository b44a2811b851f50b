/**
 * Istio's rule (pilot `ResolveShortnameToFQDN`): a name without a dot is a Service in the namespace of the object that
 * says it; any other name, `svc.ns` included, is taken letter for letter.
 */
export function expandHost(host: string, namespace: string, clusterDomain: string): string {
  return host.includes('.') || host.startsWith('*') ? host : serviceHost(host, namespace, clusterDomain)
}

/** The host name that istiod gives a Kubernetes Service. */
export function serviceHost(name: string, namespace: string, clusterDomain: string): string {
  return `${name}.${namespace}.svc.${clusterDomain}`
}

export function isWildcard(host: string): boolean {
  return host.startsWith('*')
}

/**
 * Every pattern that covers a host, the most specific first: the host itself, then wildcards by falling length, down
 * to `*`. A wildcard's star stands for any text in front, as in Istio's `host.Name.Matches`.
 */
export function* patternsOver(host: string): Generator<string> {
  yield host
  const text = isWildcard(host) ? host.slice(1) : host
  for (let start = isWildcard(host) ? 1 : 0; start <= text.length; start += 1) yield `*${text.slice(start)}`
}
