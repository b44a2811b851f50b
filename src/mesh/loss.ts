import { type Diagnostics, diagnostic, type Scalar } from '../krm/diagnostic.ts'
import type { Place } from '../krm/object.ts'
import type { Feature, L7Port } from './l7-port.ts'
import { nativeFeature } from './native.ts'

/** What a protocol says of the features that its filter can and cannot express. */
export interface Abilities {
  readonly name: string
  /** Names of features; a name covers all below it. */
  readonly supports: readonly string[]
  /** Why not, by feature name; the longest name that fits is said. One for a feature that istiod honours on the cluster
   *  says that this filter loses it. */
  readonly reasons?: Readonly<Record<string, string>>
  readonly replacesTcpProxy: boolean
}

/**
 * What is asked for on a port and will not happen, one diagnostic for each field: neither the filter expresses it nor
 * does istiod do it by itself. Of a field with several parts (`retries`), the outermost that is lost as a whole is named.
 */
export function reportLoss(port: L7Port, protocol: Abilities, unsupported: 'error' | 'warning'): Diagnostics {
  const lost = port.features.filter((feature) => isLost(feature, protocol))
  if (lost.length === 0) return []
  const kept = new Set<string>()
  for (const feature of port.features) {
    if (!lost.includes(feature)) for (const { place } of ancestry(feature)) kept.add(placeKey(place))
  }
  const said = new Set<string>()
  const diagnostics: Diagnostics[number][] = []
  for (const feature of lost) {
    const whole = ancestry(feature).find(({ place }) => !kept.has(placeKey(place))) ?? feature
    if (said.has(placeKey(whole.place))) continue
    said.add(placeKey(whole.place))
    const values =
      whole.place.path === feature.place.path && isScalar(feature.value) ? { currentValue: feature.value } : {}
    diagnostics.push(diagnostic(unsupported, whole.place, message(whole, feature, port, protocol, unsupported), values))
  }
  return diagnostics
}

function isLost(feature: Feature, { supports, reasons = {}, replacesTcpProxy }: Abilities): boolean {
  const name = settingName(feature.name)
  if (supports.some((supported) => isWithin(name, settingName(supported)))) return false
  // A protocol that expresses anything of `http[]` routes by it, and a destination is what routing is about.
  const [routing] = /^VirtualService\.(http|tcp)(?=\.route\.destination\.)/.exec(name) ?? []
  if (routing !== undefined && supports.some((supported) => isWithin(supported, routing))) return false
  const native = nativeFeature(name, feature.value, replacesTcpProxy)
  return (
    native === undefined ||
    Object.keys(reasons).some((lossy) => isWithin(settingName(lossy), native) && isWithin(name, settingName(lossy)))
  )
}

/** A traffic policy means the same wherever it stands: for the host, for a subset or for a port. */
function settingName(name: string): string {
  return name
    .replace('DestinationRule.subsets.trafficPolicy', 'DestinationRule.trafficPolicy')
    .replace('.portLevelSettings', '')
}

function isWithin(name: string, outer: string): boolean {
  return name === outer || name.startsWith(`${outer}.`)
}

interface Named {
  readonly name: string
  readonly place: Place
}

/**
 * A feature and what it is a part of, the outermost first: from the field of the list element (`http[0].retries`) or
 * traffic policy down to the leaf.
 */
function ancestry({ name, place }: Feature): readonly Named[] {
  const steps = place.path.match(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]|[^.[\]]+/g) ?? []
  const names = name.split('.')
  const found: Named[] = []
  let path = ''
  // `spec` stands for the kind in front of a feature's name; then steps that the name repeats are counted off.
  let used = 0
  for (const step of steps) {
    path += step.startsWith('[') || path === '' ? step : `.${step}`
    if (path === 'spec') used = 1
    else if (names[used] === step) used += 1
    if (used >= outermost(name) && !isListIndexOfRoot(step, used, name))
      found.push({ name: names.slice(0, used).join('.'), place: { source: place.source, path } })
  }
  return found
}

/** How many parts of a name are only the way there: `VirtualService.http.match` is no setting, `VirtualService.http.timeout` is. */
function outermost(name: string): number {
  const [kind, first, second, third] = name.split('.')
  if (kind === 'VirtualService' && (first === 'http' || first === 'tcp')) {
    if (second === 'route' && third === 'destination') return 5
    return second === 'match' || second === 'route' ? 4 : 3
  }
  if (kind !== 'DestinationRule') return 2
  const ahead = first === 'subsets' ? 3 : first === 'trafficPolicy' ? 2 : 1
  return (name.includes('.portLevelSettings.') ? ahead + 1 : ahead) + 1
}

function isListIndexOfRoot(step: string, used: number, name: string): boolean {
  return /^\[\d+\]$/.test(step) && used < outermost(name)
}

function message(
  whole: Named,
  leaf: Feature,
  port: L7Port,
  protocol: Abilities,
  unsupported: 'error' | 'warning',
): string {
  const reasons = Object.entries(protocol.reasons ?? {})
    .filter(([name]) => isWithin(settingName(leaf.name), settingName(name)))
    .sort(([a], [b]) => settingName(b).length - settingName(a).length)
  const [, reason] = reasons[0] ?? []
  const why = reason ?? defaultReason(whole.name, port, protocol)
  const end =
    unsupported === 'error'
      ? 'remove it, or accept the loss with `unsupported: warning` in the MeshProfile'
      : 'it has no effect'
  const field = whole.name.split('.').slice(1).join('.')
  return `\`${field}\` cannot be expressed for ${protocol.name} at ${port.hostname}:${port.number}: ${why}; ${end}`
}

function defaultReason(name: string, port: L7Port, { name: protocol }: Abilities): string {
  if (name.endsWith('.exportTo'))
    return `it reaches fewer namespaces than the filter does (${port.clientNamespaces.join(', ')}); narrow the service's \`exportTo\` or \`clientScope\` to match`
  if (/^VirtualService\.(http|tcp)\.match\./.test(name))
    return `a ${protocol} filter has no such condition, so the whole match is left out`
  return `the ${protocol} filter has no such setting`
}

function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function placeKey({ source, path }: Place): string {
  return `${source.item} ${path}`
}
