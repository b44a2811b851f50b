import { compare } from '../krm/compare.ts'
import type { MeshProfile } from './profile.ts'

/**
 * The namespaces that Istio's `exportTo` (or `MeshProfile.spec.clientScope`) names, sorted. The root namespace stands
 * for all: a filter there reaches every proxy, so beside it the others would only be patched twice.
 */
export function clientNamespaces(
  exportTo: readonly string[],
  namespace: string,
  { clientScope, rootNamespace }: MeshProfile,
): readonly string[] {
  return resolveScope(clientScope ?? exportTo, namespace, rootNamespace)
}

/** What `exportTo` says by itself: `*` or nothing is everybody, `.` the object's own namespace, `~` nobody. */
export function resolveScope(scope: readonly string[], namespace: string, rootNamespace: string): readonly string[] {
  const names = scope.length === 0 ? ['*'] : scope.filter((name) => name !== '~')
  const resolved = names.map((name) => (name === '*' ? rootNamespace : name === '.' ? namespace : name))
  return resolved.includes(rootNamespace) ? [rootNamespace] : [...new Set(resolved)].sort(compare)
}

/** Whether everybody in `clients` is in `scope`. */
export function covers(scope: readonly string[], clients: readonly string[], rootNamespace: string): boolean {
  return scope.includes(rootNamespace) || clients.every((client) => scope.includes(client))
}
