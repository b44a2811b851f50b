import { groupBy, hostFinder } from 'meltemi'

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
  const byNamespace = groupBy(served, ([, namespace]) => namespace)
  return new Map([...byNamespace].map(([namespace, entries]) => [namespace, hostFinder(entries.map(([host]) => host))]))
}
