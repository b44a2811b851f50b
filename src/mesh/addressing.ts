import type { Service } from '../istio/service.ts'
import type { ServiceEntry } from '../istio/service-entry.ts'
import { singleAddress } from './address.ts'

/**
 * How clients' listeners for a service are found. `vips`: by these addresses. `unknown`: at an address that is not in
 * the list. `headless`: at every pod's. `alias`: an ExternalName Service has no listener of its own.
 */
export type Addressing =
  | { readonly type: 'vips'; readonly vips: readonly string[]; readonly ranges: readonly string[] }
  | { readonly type: 'unknown'; readonly ranges: readonly string[] }
  | { readonly type: 'headless' }
  | { readonly type: 'alias' }

/** The address of the listener that ServiceEntries without an address share. */
export const wildcardAddress = '0.0.0.0'

export function addressingOfService({ spec }: Service, known: readonly string[]): Addressing {
  if (spec.type === 'ExternalName') return { type: 'alias' }
  const written = [...(spec.clusterIP === undefined ? [] : [spec.clusterIP]), ...(spec.clusterIPs ?? [])]
  const pinned = written.filter((address) => address !== '' && address !== 'None')
  const vips = unique([...pinned, ...known])
  if (vips.length > 0) return { type: 'vips', vips, ranges: [] }
  return written.includes('None') ? { type: 'headless' } : { type: 'unknown', ranges: [] }
}

export function addressingOfServiceEntry(value: ServiceEntry, known: readonly string[]): Addressing {
  const { metadata, spec } = value
  const addresses = spec.addresses ?? []
  const ranges = addresses.filter((address) => singleAddress(address) === undefined)
  const vips = unique([...addresses.flatMap((address) => singleAddress(address) ?? []), ...known])
  if (vips.length > 0) return { type: 'vips', vips, ranges }
  if (addresses.length > 0) return { type: 'unknown', ranges }
  // istiod allocates no VIP for these two (pilot ip_autoallocation.go), so their listener is the wildcard's.
  const allocated = metadata.labels?.['networking.istio.io/enable-autoallocate-ip'] !== 'false'
  return resolutionOf(value) === 'NONE' || !allocated
    ? { type: 'vips', vips: [wildcardAddress], ranges }
    : { type: 'unknown', ranges }
}

/** NONE is the enumeration's zero, so it is what an absent `resolution` means. */
export function resolutionOf({ spec }: ServiceEntry): string {
  return spec.resolution ?? 'NONE'
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}
