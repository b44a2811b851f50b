import type { Inputs } from '../istio/decode.ts'
import { namespaceOf } from '../istio/metadata.ts'
import type { VirtualService } from '../istio/virtual-service.ts'
import { type Diagnostic, type Diagnostics, error, info, warning } from '../krm/diagnostic.ts'
import { at, type Sourced } from '../krm/object.ts'
import { expandHost, isWildcard, patternsOver } from './hostname.ts'
import { bindsSidecars, type Claim, claimsOf, type Mesh } from './mesh.ts'
import { hostFinder } from './near.ts'
import { byPrecedence } from './precedence.ts'
import type { MeshService } from './service.ts'

/**
 * VirtualServices that route no host of the list. One that was meant for a service of ours, by its destinations or by
 * a name of one or two wrong letters, is an error; another may be for a service that lives elsewhere, and is a warning.
 * Those that bind only gateways do not route sidecars' calls, which is said where they name a host of ours.
 */
export function strayVirtualServices(
  { virtualServices }: Inputs,
  ours: readonly MeshService[],
  mesh: Mesh,
): Diagnostics {
  const hosts = new Set(ours.map(({ hostname }) => hostname))
  if (hosts.size === 0) return []
  const near = hostFinder(hosts)
  const covering = coveringWildcards(mesh)
  return [...virtualServices].sort(byPrecedence).flatMap((virtualService) => {
    const claims = claimsOf(virtualService, mesh.profile)
    if (!bindsSidecars(virtualService.value.spec.gateways)) return gatewaysOnly(virtualService, claims, hosts)
    return claims
      .filter(({ host }) => !mesh.byHost.has(host) && !covering.has(host))
      .map((claim) =>
        stray(
          claim,
          near(claim.host),
          destinationsOf(virtualService, mesh).filter((host) => hosts.has(host)),
        ),
      )
  })
}

/** The wildcards of VirtualServices that cover some host of the list. */
function coveringWildcards({ claims, byHost }: Mesh): ReadonlySet<string> {
  const { wildcards } = claims
  if (wildcards.size === 0) return new Set()
  return new Set(
    [...byHost.keys()].flatMap((host) => [...patternsOver(host)].filter((pattern) => wildcards.has(pattern))),
  )
}

function gatewaysOnly(
  { source }: Sourced<VirtualService>,
  claims: readonly Claim[],
  hosts: ReadonlySet<string>,
): Diagnostics {
  const named = claims.filter(({ host }) => hosts.has(host)).map(({ host }) => host)
  if (named.length === 0) return []
  const message = `binds no sidecar: calls inside the mesh to ${named.join(', ')} do not follow its routes; add \`mesh\` for them to do so`
  return [info(at(source, 'spec.gateways'), message)]
}

function stray({ host, place }: Claim, near: readonly string[], leadsTo: readonly string[]): Diagnostic {
  const none = `no Service or ServiceEntry of the list has the host "${host}"`
  const candidates = near.length > 0 ? near : [...new Set(leadsTo)]
  const [nearest] = candidates
  if (nearest === undefined || isWildcard(host)) {
    const message = `${none}: its routes apply to nothing here; if the service is not defined elsewhere, add it to the list or correct the name`
    return warning(place, message, { currentValue: host })
  }
  const why = near.length > 0 ? 'the nearest are' : 'its routes lead to'
  const message = `must be a host of the list: ${none}; ${why} ${candidates.map((name) => `"${name}"`).join(', ')}`
  return error(place, message, { currentValue: host, proposedValue: nearest })
}

function destinationsOf({ value }: Sourced<VirtualService>, { profile }: Mesh): readonly string[] {
  return [...(value.spec.http ?? []), ...(value.spec.tcp ?? [])].flatMap(({ route = [] }) =>
    route.map(({ destination }) => expandHost(destination.host, namespaceOf(value.metadata), profile.clusterDomain)),
  )
}
