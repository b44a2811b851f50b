import type { DestinationRule } from '../istio/destination-rule.ts'
import { namespaceOf } from '../istio/metadata.ts'
import { type Diagnostic, warning } from '../krm/diagnostic.ts'
import { at, describe, type Sourced } from '../krm/object.ts'
import { matchesOf } from './host-index.ts'
import type { Subset } from './l7-port.ts'
import type { Mesh } from './mesh.ts'
import type { MeshService } from './service.ts'

/** The DestinationRules that apply to a host's clients, the first to win, and what they define together. */
export interface Policies {
  readonly rules: readonly Sourced<DestinationRule>[]
  /** By name, in the order of precedence; a name that is defined again is left out. */
  readonly subsets: readonly Subset[]
}

/**
 * Istio looks in the clients' namespace, then the service's, then the root namespace, and takes the first that has a
 * rule for the host; there the most specific host wins, and rules for the same host are merged subset by subset
 * (pilot `push_context.go: destinationRule`).
 */
export function policiesOf(service: MeshService, clients: readonly string[], mesh: Mesh): Policies {
  const matches = matchesOf(mesh.destinationRules, service.hostname)
  const { rootNamespace } = mesh.profile
  // With clients in several namespaces, one filter serves all: a rule of only one of them cannot be in it.
  const own = clients.length === 1 ? clients.filter((client) => client !== rootNamespace) : []
  for (const namespace of [...own, service.namespace, rootNamespace]) {
    for (const { found } of matches) {
      const rules = found.filter(({ value }) => namespaceOf(value.metadata) === namespace)
      if (rules.length > 0) return { rules, subsets: merge(rules) }
    }
  }
  return { rules: [], subsets: [] }
}

function merge(rules: readonly Sourced<DestinationRule>[]): readonly Subset[] {
  const subsets = new Map<string, Subset>()
  for (const { value, source } of rules) {
    for (const [i, { name }] of (value.spec.subsets ?? []).entries()) {
      if (!subsets.has(name)) subsets.set(name, { name, place: at(source, `spec.subsets[${i}]`) })
    }
  }
  return [...subsets.values()]
}

/** Subsets that are defined again, by a rule that comes later: Istio ignores them. */
export function repeatedSubsets({ rules, subsets }: Policies): readonly Diagnostic[] {
  const repeated: Diagnostic[] = []
  for (const { value, source } of rules) {
    for (const [i, { name }] of (value.spec.subsets ?? []).entries()) {
      const place = at(source, `spec.subsets[${i}]`)
      const first = subsets.find((subset) => subset.name === name)
      if (first === undefined || (first.place.source === source && first.place.path === place.path)) continue
      const message = `subset "${name}" is ignored: ${describe(first.place.source.ref)} defines it first, at \`${first.place.path}\``
      repeated.push(warning(place, message, { currentValue: name }))
    }
  }
  return repeated
}
