import { hostFinder } from 'meltemi'

type Finder = (host: string) => readonly string[]

/** Finds the hosts that an object may have meant: of its own namespace, as it speaks for no other. `served` are hosts with their namespaces. */
export function nearestHosts(
  served: ReadonlyMap<string, string>,
): (host: string, namespace: string) => readonly string[] {
  // Most lists have no wrong host, so the index waits for the first.
  let finders: ReadonlyMap<string, Finder> | undefined
  return (host, namespace) => {
    finders ??= indexed(served)
    // DNS knows no case and takes a dot at the end; Istio compares letters.
    return finders.get(namespace)?.(host.toLowerCase().replace(/\.$/, '')) ?? []
  }
}

function indexed(served: ReadonlyMap<string, string>): ReadonlyMap<string, Finder> {
  const byNamespace = new Map<string, string[]>()
  for (const [host, namespace] of served) {
    const others = byNamespace.get(namespace)
    if (others === undefined) byNamespace.set(namespace, [host])
    else others.push(host)
  }
  return new Map([...byNamespace].map(([namespace, hosts]) => [namespace, hostFinder(hosts)]))
}
