import type { Inputs } from '../istio/decode.ts'
import { namespaceOf } from '../istio/metadata.ts'
import type { VirtualService } from '../istio/virtual-service.ts'
import { type Diagnostic, type Diagnostics, error, info, warning } from '../krm/diagnostic.ts'
import { at, type Sourced } from '../krm/object.ts'
import { expandHost, isWildcard, patternsOver } from './hostname.ts'
import { bindsSidecars, type Claim, claimsOf, type Mesh } from './mesh.ts'
import { hostFinder } from './near.ts'
import type { MeshPort } from './service.ts'

/**
 * VirtualServices that route no host of the list. One that was meant for a host of ours, by its destinations or by a
 * name a few letters off, is an error; another may be for a service that lives elsewhere. Those that bind only
 * gateways do not route sidecars' calls, which is said where they name a host of ours.
 */
export function strayVirtualServices(inputs: Inputs, ours: readonly MeshPort[], mesh: Mesh): Diagnostics {
  const hosts = new Set(ours.map(({ service }) => service.hostname))
  if (hosts.size === 0) return []
  const near = hostFinder(hosts)
  // Istio's patterns: a wildcard claims every host that it covers, and no less.
  const covered = new Set(
    [...mesh.byHost.keys()].flatMap((host) => [...patternsOver(host)].filter((pattern) => mesh.claims.has(pattern))),
  )
  const diagnostics: Diagnostic[] = []
  for (const virtualService of inputs.virtualServices) {
    const { value, source } = virtualService
    const claims = claimsOf(virtualService, mesh.profile)
    if (!bindsSidecars(value.spec.gateways)) {
      const named = claims.filter(({ host }) => hosts.has(host)).map(({ host }) => host)
      if (named.length > 0)
        diagnostics.push(
          info(
            at(source, 'spec.gateways'),
            `binds no sidecar: add \`mesh\` for its routes to apply to calls inside the mesh to ${named.join(', ')}`,
          ),
        )
      continue
    }
    for (const claim of claims) {
      if (!covered.has(claim.host))
        diagnostics.push(
          stray(
            claim,
            destinationsOf(virtualService, mesh).filter((host) => hosts.has(host)),
            near(claim.host),
          ),
        )
    }
  }
  return diagnostics
}

function stray(claim: Claim, leadsTo: readonly string[], near: readonly string[]): Diagnostic {
  const written = claim.virtualService.value.spec.hosts ?? []
  const expanded = written.includes(claim.host)
    ? ''
    : ` (a name without a dot is taken in the VirtualService's namespace)`
  const none = `no Service or ServiceEntry of the list has the host "${claim.host}"${expanded}`
  const candidates = [...new Set([...near, ...leadsTo])]
  const [nearest] = candidates
  if (nearest === undefined || isWildcard(claim.host))
    return warning(
      claim.place,
      `${none}: if the service lives elsewhere, this VirtualService is not for us; else add it to the list`,
      { currentValue: claim.host },
    )
  const because = near.length > 0 ? 'the nearest are' : 'its routes lead to'
  return error(
    claim.place,
    `must be a host of the list: ${none}; ${because} ${candidates.map((host) => `"${host}"`).join(', ')}`,
    {
      currentValue: claim.host,
      proposedValue: nearest,
    },
  )
}

function destinationsOf({ value }: Sourced<VirtualService>, { profile }: Mesh): readonly string[] {
  return [...(value.spec.http ?? []), ...(value.spec.tcp ?? [])].flatMap(({ route = [] }) =>
    route.map(({ destination }) => expandHost(destination.host, namespaceOf(value), profile.clusterDomain)),
  )
}
