import { compare } from '../krm/compare.ts'
import { type Diagnostic, error } from '../krm/diagnostic.ts'
import { below, type Place } from '../krm/object.ts'
import { diagnosticsOf, resultOf } from '../krm/outcome.ts'
import { isAddress } from './address.ts'
import { istioVersions } from './istio-versions.ts'
import { type MeshProfile, SUPPORTED_ISTIO } from './profile.ts'

/** `spec` of a MeshProfile as its schema admits it. */
export interface ProfileSpec {
  readonly istio?: { readonly versions?: string | readonly string[] }
  readonly rootNamespace?: string
  readonly clusterDomain?: string
  readonly clientScope?: string | readonly string[]
  readonly proxy?: { readonly extensions?: readonly string[] }
  readonly addresses?: Readonly<Record<string, string | readonly string[]>>
  readonly priority?: number
  readonly mtls?: MeshProfile['mtls']
  readonly matchByPort?: readonly number[]
  readonly acknowledge?: readonly string[]
  readonly unsupported?: MeshProfile['unsupported']
}

/** Where a field of the merged `spec` was written. */
export type SpecPlaces = (field: keyof ProfileSpec) => Place | undefined

export type CheckedProfile = { readonly profile: MeshProfile } | { readonly problems: readonly Diagnostic[] }

/** What a schema does not see: releases that are supported, addresses, names that Kubernetes would take. */
export function checkedProfile(spec: ProfileSpec, placeOf: SpecPlaces): CheckedProfile {
  const problems: Diagnostic[] = []
  const must = (
    holds: boolean,
    field: keyof ProfileSpec,
    rule: string,
    value: string | number,
    step?: string | number,
  ) => {
    if (holds) return
    const place = placeOf(field)
    const exact = place === undefined || step === undefined ? place : below(place, step)
    problems.push(error(exact, `must be ${rule}, not ${JSON.stringify(value)}`, { currentValue: value }))
  }
  const { rootNamespace = 'istio-system', clusterDomain = 'cluster.local', priority = 10, matchByPort = [] } = spec
  must(isLabel(rootNamespace), 'rootNamespace', 'the name of a namespace', rootNamespace)
  must(
    clusterDomain.split('.').every(isLabel),
    'clusterDomain',
    'a domain name, such as "cluster.local"',
    clusterDomain,
  )
  must(
    isPriority(priority),
    'priority',
    'an integer of 32 bits other than 0, which would leave the order of filters to chance',
    priority,
  )
  const scope = spec.clientScope === undefined ? undefined : listOf(spec.clientScope)
  for (const [i, name] of (scope ?? []).entries())
    must(
      name === '*' || name === '.' || isLabel(name),
      'clientScope',
      'a namespace, "*" or "."',
      name,
      Array.isArray(spec.clientScope) ? i : undefined,
    )
  for (const [i, port] of matchByPort.entries())
    must(port >= 1 && port <= 65535, 'matchByPort', 'a port number from 1 to 65535', port, i)
  const addresses = Object.entries(spec.addresses ?? {}).sort(([a], [b]) => compare(a, b))
  for (const [host, written] of addresses) {
    must(host.includes('.'), 'addresses', 'a fully qualified host, such as "orders.shop.svc.cluster.local"', host, host)
    for (const address of listOf(written))
      must(isAddress(address), 'addresses', 'one IPv4 or IPv6 address', address, host)
  }
  const place = placeOf('istio')
  const versions = spec.istio?.versions
  const releases =
    versions === undefined || place === undefined ? undefined : istioVersions(versions, below(place, 'versions'))
  if (releases !== undefined) problems.push(...diagnosticsOf(releases))
  if (problems.length > 0) return { problems }
  return {
    profile: {
      istioVersions: (releases === undefined ? undefined : resultOf(releases)) ?? SUPPORTED_ISTIO,
      rootNamespace,
      clusterDomain,
      ...(scope === undefined ? {} : { clientScope: scope }),
      extensions: spec.proxy?.extensions ?? [],
      addresses: new Map(addresses.map(([host, written]) => [host, listOf(written)])),
      priority,
      mtls: spec.mtls ?? 'auto',
      matchByPort,
      acknowledge: spec.acknowledge ?? [],
      unsupported: spec.unsupported ?? 'error',
    },
  }
}

function listOf(written: string | readonly string[]): readonly string[] {
  return typeof written === 'string' ? [written] : written
}

/** RFC 1123, as Kubernetes has it for namespaces. */
function isLabel(name: string): boolean {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)
}

function isPriority(priority: number): boolean {
  return priority !== 0 && priority >= -2147483648 && priority <= 2147483647
}
