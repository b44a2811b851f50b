import type { Endpoint } from '../istio/service-entry.ts'
import { isWildcard } from './hostname.ts'
import type { MeshPort } from './service.ts'

/** Where a server is reached without asking istiod: by IP address, or by a name that DNS knows. */
export interface ListedAddress {
  readonly address: string
  readonly port: number
}

/**
 * What an object itself says about where a port is served, as istiod reads it (pilot, `serviceregistry/serviceentry`): the
 * endpoints of a ServiceEntry; without any and with a DNS resolution, its host, unless that is a wildcard, of which DNS knows no
 * address. None for what is served by pods and machines, or through a Unix socket or another network's gateway.
 */
export function listedAddresses({ service, name, number, targetPort }: MeshPort): readonly ListedAddress[] {
  const otherwise = typeof targetPort === 'number' ? targetPort : number
  const byName = service.resolution?.startsWith('DNS') === true && service.endpoints.length === 0
  if (byName && service.selector === undefined)
    return isWildcard(service.hostname) ? [] : [{ address: service.hostname, port: otherwise }]
  return service.endpoints
    .filter(isReachedDirectly)
    .flatMap(({ address = '', ports }) =>
      address === '' || address.startsWith('unix://') ? [] : [{ address, port: ports?.[name] ?? otherwise }],
    )
}

/** An address of another network may be somebody else's in the client's own. `null` and no text name no network. */
function isReachedDirectly(endpoint: Endpoint): boolean {
  return !('network' in endpoint) || endpoint.network === null || endpoint.network === ''
}
