import { namespaceOf } from '../istio/metadata.ts'
import { type Diagnostic, type Diagnostics, info, warning } from '../krm/diagnostic.ts'
import { describe } from '../krm/object.ts'
import { matchesOf } from './host-index.ts'
import type { Claim, Mesh } from './mesh.ts'
import type { MeshService } from './service.ts'
import { resolveScope } from './visibility.ts'

export interface Governing {
  readonly claim?: Claim
  readonly diagnostics: Diagnostics
}

/**
 * The VirtualService whose routes a host's clients use. Istio takes one and ignores the others: the more specific
 * host first, then the older object, then by `name.namespace`.
 */
export function governing(service: MeshService, clients: readonly string[], mesh: Mesh): Governing {
  const claims = matchesOf(mesh.claims, service.hostname)
    .flatMap(({ found }) => found)
    .filter((claim) => reaches(claim, clients, mesh))
  const claim = claims.at(0)
  if (claim === undefined) return { diagnostics: [] }
  const others = claims.filter(({ virtualService }) => virtualService !== claim.virtualService)
  return { claim, diagnostics: others.map((other) => passedOver(other, claim, service)) }
}

/** A VirtualService that is exported to none of a host's clients says nothing about them. */
function reaches({ virtualService: { value } }: Claim, clients: readonly string[], { profile }: Mesh): boolean {
  const { rootNamespace } = profile
  const scope = resolveScope(value.spec.exportTo ?? [], namespaceOf(value.metadata), rootNamespace)
  return scope.some((name) => name === rootNamespace || clients.includes(name) || clients.includes(rootNamespace))
}

function passedOver(loser: Claim, winner: Claim, { hostname }: MeshService): Diagnostic {
  const names = `${describe(winner.virtualService.source.ref)}, not ${describe(loser.virtualService.source.ref)}, routes ${hostname}`
  if (loser.host !== winner.host)
    return info(loser.place, `${names}: Istio takes the more specific host, and merges no routes`)
  return warning(
    loser.place,
    `${names}: both claim the host, and Istio takes the older one, then the first by \`name.namespace\`; merge the two`,
    { currentValue: loser.host },
  )
}
