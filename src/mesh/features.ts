import type { DestinationRule, TrafficPolicy } from '../istio/destination-rule.ts'
import { namespaceOf } from '../istio/metadata.ts'
import type { HTTPRoute, L4Match, TCPRoute, VirtualService } from '../istio/virtual-service.ts'
import { at, below, type Place, type Sourced } from '../krm/object.ts'
import { httpBeside } from './http-routes.ts'
import type { Feature, NamedField } from './l7-port.ts'
import { applies } from './match.ts'
import type { MeshPort } from './service.ts'
import { covers, resolveScope } from './visibility.ts'

/** What the features of a port are read from. */
export interface FeatureSite {
  readonly port: MeshPort
  readonly protocol: string
  readonly clients: readonly string[]
  readonly rootNamespace: string
  readonly virtualService?: Sourced<VirtualService>
  /** Routes of `http[]` that are not for the port (see `HttpRoutes`). */
  readonly forHttp: ReadonlySet<HTTPRoute>
  readonly destinationRules: readonly Sourced<DestinationRule>[]
}

/** Maps whose keys are the user's own words; they are left out of a feature's name. */
const mapsOf: Readonly<Record<string, readonly string[]>> = {
  'VirtualService.http.match': ['headers', 'withoutHeaders', 'queryParams', 'sourceLabels'],
  'VirtualService.http.headers.request': ['set', 'add'],
  'VirtualService.http.headers.response': ['set', 'add'],
  'VirtualService.http.route.headers.request': ['set', 'add'],
  'VirtualService.http.route.headers.response': ['set', 'add'],
  'VirtualService.tcp.match': ['sourceLabels'],
  'DestinationRule.workloadSelector': ['labels'],
}

const maps: ReadonlySet<string> = new Set(
  Object.entries(mapsOf).flatMap(([parent, names]) => names.map((name) => `${parent}.${name}`)),
)

/**
 * Everything that the VirtualService and the DestinationRules ask for on a port, leaf by leaf, in the order in which it
 * is written. Fields that we do not know are listed like the others, so that what a later Istio adds is not lost in
 * silence. Left out is what the joins have settled: hosts, names, and matches of other ports or of gateways only.
 */
export function featuresOf(site: FeatureSite): readonly Feature[] {
  const features: Feature[] = []
  if (site.virtualService !== undefined) ofVirtualService(site.virtualService, site, features)
  for (const rule of site.destinationRules) ofDestinationRule(rule, site, features)
  return features
}

function ofVirtualService({ value, source }: Sourced<VirtualService>, site: FeatureSite, into: Feature[]): void {
  const { hosts: _, gateways: __, http = [], tcp = [], tls = [], exportTo = [], ...rest } = value.spec
  for (const [i, route] of http.entries()) {
    if (!site.forHttp.has(route)) ofHttpRoute(route, at(source, `spec.http[${i}]`), site, into)
  }
  for (const [i, route] of tcp.entries()) ofRoute('VirtualService.tcp', route, at(source, `spec.tcp[${i}]`), site, into)
  for (const [i, route] of tls.entries()) {
    const place = at(source, `spec.tls[${i}]`)
    if (applyingMatches(route.match, site).length > 0) into.push(whole('VirtualService.tls', place, route))
  }
  const scope = resolveScope(exportTo, namespaceOf(value.metadata), site.rootNamespace)
  if (!covers(scope, site.clients, site.rootNamespace))
    into.push(whole('VirtualService.exportTo', at(source, 'spec.exportTo'), exportTo))
  walkFields('VirtualService', rest, at(source, 'spec'), into)
}

function ofHttpRoute(route: HTTPRoute, place: Place, site: FeatureSite, into: Feature[]): void {
  const beside = httpBeside(route, site.port, site.protocol).map(({ number }) => number)
  const own: Feature[] = []
  ofRoute('VirtualService.http', route, place, site, own)
  into.push(...(beside.length === 0 ? own : own.map((feature) => ({ ...feature, httpBeside: beside }))))
}

function ofRoute(name: string, written: HTTPRoute | TCPRoute, place: Place, site: FeatureSite, into: Feature[]): void {
  const { match, route = [], ...rest } = written
  const matches = applyingMatches(match, site)
  if (match !== undefined && match.length > 0 && matches.length === 0) return
  for (const { fields, index } of matches)
    walkFields(`${name}.match`, fields, below(below(place, 'match'), index), into)
  for (const [i, { weight, ...destination }] of route.entries()) {
    const here = below(below(place, 'route'), i)
    walkFields(`${name}.route`, destination, here, into)
    // A weight decides something only where there is a choice.
    if (route.length > 1 && weight !== undefined)
      into.push(whole(`${name}.route.weight`, below(here, 'weight'), weight))
  }
  const { name: _, ...fields }: object & { readonly name?: unknown } = rest
  walkFields(name, fields, place, into)
}

interface ApplyingMatch {
  readonly fields: object
  readonly index: number
}

function applyingMatches(matches: readonly L4Match[] | undefined, { port }: FeatureSite): readonly ApplyingMatch[] {
  return (matches ?? []).flatMap((match, index) => {
    const { port: _, gateways: __, ...others } = match
    const { name: ___, ...fields }: { readonly name?: unknown } = others
    return applies(match, port.number) ? [{ fields, index }] : []
  })
}

function ofDestinationRule({ value, source }: Sourced<DestinationRule>, site: FeatureSite, into: Feature[]): void {
  const { host: _, subsets = [], trafficPolicy, exportTo = [], ...rest } = value.spec
  ofPolicy('DestinationRule.trafficPolicy', trafficPolicy, at(source, 'spec.trafficPolicy'), site, into)
  for (const [i, subset] of subsets.entries()) {
    const { name: __, labels: ___, trafficPolicy: own, ...others } = subset
    const place = at(source, `spec.subsets[${i}]`)
    ofPolicy('DestinationRule.subsets.trafficPolicy', own, below(place, 'trafficPolicy'), site, into)
    walkFields('DestinationRule.subsets', others, place, into)
  }
  const scope = resolveScope(exportTo, namespaceOf(value.metadata), site.rootNamespace)
  // Clients whom the rule does not reach have no cluster for its subsets.
  if (subsets.length > 0 && !covers(scope, site.clients, site.rootNamespace))
    into.push(whole('DestinationRule.exportTo', at(source, 'spec.exportTo'), exportTo))
  walkFields('DestinationRule', rest, at(source, 'spec'), into)
}

/** Settings for a port replace those of the whole destination, defaults included, as Istio documents. */
function ofPolicy(
  name: string,
  policy: TrafficPolicy | undefined,
  place: Place,
  { port }: FeatureSite,
  into: Feature[],
): void {
  if (policy === undefined) return
  const { portLevelSettings = [], ...general } = policy
  const own = [...portLevelSettings.entries()].filter(([, settings]) => settings.port.number === port.number)
  if (own.length === 0) walkFields(name, general, place, into)
  for (const [i, { port: _, ...settings }] of own)
    walkFields(`${name}.portLevelSettings`, settings, below(below(place, 'portLevelSettings'), i), into)
}

function walkFields(name: string, fields: object, place: Place, into: Feature[]): void {
  for (const [field, value] of entriesOf(fields)) {
    const setting = { name: `${name}.${field}`, place: below(place, field) }
    walk(setting, value, setting, into)
  }
}

/** Adds every leaf of a value. Only here is anything taken apart without knowing what it is. */
function walk(here: NamedField, value: unknown, setting: NamedField, into: Feature[]): void {
  const { name, place } = here
  if (value === undefined || value === null) return
  if (Array.isArray(value)) {
    for (const [i, element] of value.entries()) walk({ name, place: below(place, i) }, element, setting, into)
  } else if (typeof value !== 'object' || Object.keys(value).length === 0) {
    into.push({ ...here, value, setting })
  } else if (maps.has(name)) {
    for (const [key, element] of entriesOf(value)) walkEntry({ name, place: below(place, key) }, element, setting, into)
  } else {
    walkObject(here, value, setting, into)
  }
}

function walkObject({ name, place }: NamedField, fields: object, setting: NamedField, into: Feature[]): void {
  for (const [field, value] of entriesOf(fields))
    walk({ name: `${name}.${field}`, place: below(place, field) }, value, setting, into)
}

/** An entry of a map goes by the map's name; an empty StringMatch asks for presence. */
function walkEntry(here: NamedField, value: unknown, setting: NamedField, into: Feature[]): void {
  if (typeof value !== 'object' || value === null) into.push({ ...here, value, setting })
  else if (Object.keys(value).length === 0) into.push({ ...here, name: `${here.name}.present`, value, setting })
  else walkObject(here, value, setting, into)
}

function entriesOf(fields: object): readonly (readonly [string, unknown])[] {
  return Object.entries(fields)
}

function whole(name: string, place: Place, value: unknown): Feature {
  return { name, place, value, setting: { name, place } }
}
