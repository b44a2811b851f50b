import { current, type Diagnostics, diagnostic } from '../krm/diagnostic.ts'
import { groupBy } from '../krm/group.ts'
import { enumerate } from './enumerate.ts'
import { isWithin, settingName } from './feature-name.ts'
import type { Feature, L7Port, NamedField } from './l7-port.ts'
import { generalReasons, nativeFeature } from './native.ts'

/** What a protocol says of the features that its filter can and cannot express. */
export interface Abilities {
  readonly name: string
  /** Names of features; a name covers all below it. */
  readonly supports: readonly string[]
  /** Why not, by feature name; the longest name that fits is said. One for a feature that istiod honours on the cluster
   *  says that this filter loses it. */
  readonly reasons?: Readonly<Record<string, string>>
  readonly replacesTcpProxy: boolean
  /** Why a value cannot be expressed at a port though its field can be; `undefined`: it can. */
  readonly objection?: (feature: Feature, port: L7Port) => string | undefined
}

/**
 * What is asked for on a port and will not happen, one diagnostic for each field: neither the filter expresses it nor
 * does istiod do it by itself. A setting of several parts (`retries`) of which nothing is left is named as a whole.
 */
export function reportLoss(port: L7Port, protocol: Abilities, unsupported: 'error' | 'warning'): Diagnostics {
  const bySetting = groupBy(port.features, ({ setting: { place } }) => `${place.source.item} ${place.path}`)
  const said = (field: NamedField, feature: Feature) => {
    const end =
      unsupported === 'error'
        ? 'remove it, or accept the loss with `unsupported: warning` in the MeshProfile'
        : 'it has no effect'
    const name = field.name.slice(field.name.indexOf('.') + 1)
    return `\`${name}\` cannot be expressed for ${protocol.name} at ${port.hostname}:${port.number}: ${reason(feature, port, protocol)}; ${end}${ifForHttp(feature)}`
  }
  return [...bySetting.values()].flatMap((features) => {
    const lost = features.filter((feature) => isLost(feature, port, protocol))
    const [first, ...others] = lost
    if (first === undefined) return []
    const isWhole = others.length > 0 && lost.length === features.length
    if (isWhole) return [diagnostic(unsupported, first.setting.place, said(first.setting, first), {})]
    return lost.map((feature) => diagnostic(unsupported, feature.place, said(feature, feature), current(feature.value)))
  })
}

function isLost(feature: Feature, port: L7Port, protocol: Abilities): boolean {
  const { supports, reasons = {}, replacesTcpProxy } = protocol
  const name = settingName(feature.name)
  if (isUnreadMatch(name)) return true
  if (protocol.objection?.(feature, port) !== undefined) return true
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

/** A kind of StringMatch that the joins do not read: it costs the whole match, whatever the protocol supports. */
function isUnreadMatch(name: string): boolean {
  return /^VirtualService\.http\.match\.(method|headers|withoutHeaders)\.(?!(exact|prefix|regex|present)$)/.test(name)
}

function reason(feature: Feature, port: L7Port, { name, reasons = {}, objection }: Abilities): string {
  return (
    objection?.(feature, port) ??
    longestFit(feature, reasons) ??
    longestFit(feature, generalReasons) ??
    defaultReason(feature, port, name)
  )
}

/** An ordinary VirtualService of a host with HTTP too is taken for ours, as long as it does not say what it is for. */
function ifForHttp({ httpBeside }: Feature): string {
  if (httpBeside === undefined) return ''
  const ports = `port ${enumerate(httpBeside, String)}, which is HTTP`
  return `; if the route is for ${ports}, say so by \`match[].port\`, or by \`destination.port\` in all its destinations`
}

/** The reason of the longest name that fits. */
function longestFit(feature: Feature, reasons: Readonly<Record<string, string>>): string | undefined {
  const [longest] = Object.entries(reasons)
    .filter(([name]) => isWithin(settingName(feature.name), settingName(name)))
    .sort(([a], [b]) => settingName(b).length - settingName(a).length)
  return longest?.[1]
}

function defaultReason({ name }: Feature, port: L7Port, protocol: string): string {
  if (name.endsWith('.exportTo'))
    return `it reaches fewer namespaces than the filter does (${port.clientNamespaces.join(', ')}); narrow the service's \`exportTo\` or \`clientScope\` to match`
  if (/^VirtualService\.(http|tcp)\.match\./.test(name))
    return `a ${protocol} filter has no such condition, so the whole match is left out`
  return `the ${protocol} filter has no such setting`
}
