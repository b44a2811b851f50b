import {
  at,
  below,
  type Context,
  type Diagnostic,
  type Diagnostics,
  describe,
  error,
  expandHost,
  type KubernetesObject,
  type Listeners,
  namespaceOf,
  type Place,
  resultOf,
  type SchemaValidator,
  type Sourced,
  type Upstream,
  warning,
} from 'meltemi'
import type { RedisConfig } from './config.ts'
import { type Declared, readSpec } from './declared.ts'
import validateDestination from './generated/redis-destination.js'
import validateService from './generated/redis-service.js'
import { REDIS_DESTINATION, REDIS_SERVICE, type RedisDestinationSpec, type RedisServiceSpec, SECRET } from './kinds.ts'
import type { Spread } from './spread.ts'

/** What the list says in Aeraki's kinds, by host. */
export interface Prepared {
  readonly services: ReadonlyMap<string, Declared<RedisServiceSpec>>
  readonly destinations: ReadonlyMap<string, Declared<RedisDestinationSpec>>
  /** Hosts about which something is said that does not hold: a filter without it would be another than was asked for. */
  readonly broken: ReadonlySet<string>
  /** Whether a RedisService is about a host or sends keys to it: its author counts on sharding, as Aeraki always shards. */
  readonly isSharded: (hostname: string) => boolean
  /** What `spreadOf` has found: a cluster that many routes name is looked at once. */
  readonly spreads: WeakMap<Upstream, Spread>
  /** By namespace and name. */
  readonly secrets: ReadonlyMap<string, Sourced<KubernetesObject>>
  readonly diagnostics: Diagnostics
}

export type RedisContext = Context<RedisConfig, Prepared>

/** Indexes the RedisServices, RedisDestinations and Secrets of the list, and says what is wrong with them. */
export function prepare(listeners: Listeners, context: Context<RedisConfig, undefined>): Prepared {
  const served = new Map(
    listeners.outbound.flatMap(({ ports }) => ports).map((port) => [port.hostname, port.namespace]),
  )
  const of = ({ group, kind }: { readonly group: string; readonly kind: string }) =>
    context.objects.filter(
      ({ value }) => value.kind === kind && value.apiVersion.startsWith(group === '' ? 'v1' : `${group}/`),
    )
  const services = index<RedisServiceSpec>(of(REDIS_SERVICE), validateService, hostsOfService, served, context)
  const destinations = index<RedisDestinationSpec>(
    of(REDIS_DESTINATION),
    validateDestination,
    hostOfDestination,
    served,
    context,
  )
  // Few hosts need it: those with several servers about which nothing else is said.
  let targets: ReadonlySet<string> | undefined
  const isTarget = (hostname: string) => {
    targets ??= new Set(
      services.declared.flatMap((service) => ownTargets(service, served, context.profile.clusterDomain)),
    )
    return targets.has(hostname)
  }
  return {
    services: services.byHost,
    destinations: destinations.byHost,
    broken: new Set([...services.broken, ...destinations.broken]),
    isSharded: (hostname) => services.byHost.has(hostname) || isTarget(hostname),
    spreads: new WeakMap(),
    secrets: new Map(
      of(SECRET).map((secret) => [secretKey(namespaceOf(secret.source.ref), secret.source.ref.name), secret]),
    ),
    diagnostics: [...services.diagnostics, ...destinations.diagnostics],
  }
}

/** Hosts of a RedisService's own namespace that it sends keys to; those of others are their owners' to shard. */
function ownTargets(
  { spec, namespace }: Declared<RedisServiceSpec>,
  served: ReadonlyMap<string, string>,
  clusterDomain: string,
): readonly string[] {
  const targets = (spec.redis ?? []).flatMap(({ route, mirror = [], readRoute }) => [
    route,
    ...mirror.map((one) => one.route),
    ...(readRoute === undefined ? [] : [readRoute]),
  ])
  return targets
    .map(({ host }) => expandHost(host, namespace, clusterDomain))
    .filter((hostname) => served.get(hostname) === namespace)
}

export function secretKey(namespace: string, name: string): string {
  return `${namespace}/${name}`
}

interface NamedHost {
  readonly host: string
  readonly place: Place
}

function hostsOfService(spec: unknown, place: Place): readonly NamedHost[] {
  const { host }: { readonly host?: unknown } = Object(spec)
  if (!Array.isArray(host)) return []
  return host.flatMap((one: unknown, i) =>
    typeof one === 'string' ? [{ host: one, place: below(below(place, 'host'), i) }] : [],
  )
}

function hostOfDestination(spec: unknown, place: Place): readonly NamedHost[] {
  const { host }: { readonly host?: unknown } = Object(spec)
  return typeof host === 'string' ? [{ host, place: below(place, 'host') }] : []
}

interface Index<Spec> {
  /** Those without a fault of their own, whether or not their hosts are there. */
  readonly declared: readonly Declared<Spec>[]
  readonly byHost: ReadonlyMap<string, Declared<Spec>>
  readonly broken: ReadonlySet<string>
  readonly diagnostics: Diagnostics
}

interface Claim extends NamedHost {
  readonly object: Sourced<KubernetesObject>
}

/** Objects by the hosts they speak for; what is wrong with one costs its hosts, and each host has one that speaks for it. */
function index<Spec>(
  objects: readonly Sourced<KubernetesObject>[],
  schema: SchemaValidator,
  hostsOf: (spec: unknown, place: Place) => readonly NamedHost[],
  served: ReadonlyMap<string, string>,
  context: Context<RedisConfig, undefined>,
): Index<Spec> {
  const { clusterDomain } = context.profile
  const all: Declared<Spec>[] = []
  const byHost = new Map<string, Declared<Spec>>()
  const broken = new Set<string>()
  const claims = new Map<string, Claim[]>()
  const diagnostics: Diagnostic[] = []
  for (const object of objects) {
    const { declared, diagnostics: faults } = readSpec<Spec>(object, schema)
    diagnostics.push(...faults)
    if (declared !== undefined) all.push(declared)
    const namespace = namespaceOf(object.source.ref)
    for (const named of hostsOf(object.value.spec, at(object.source, 'spec'))) {
      const hostname = expandHost(named.host, namespace, clusterDomain)
      const idle = idleBecause(hostname, namespace, served)
      if (idle !== undefined) {
        diagnostics.push(
          isDialled(hostname, named.place, context)
            ? error(named.place, withoutEndpoints(hostname), { currentValue: named.host })
            : warning(named.place, idle, { currentValue: named.host }),
        )
        continue
      }
      claims.set(hostname, [...(claims.get(hostname) ?? []), { ...named, object }])
      if (declared === undefined) broken.add(hostname)
      else byHost.set(hostname, declared)
    }
  }
  for (const [hostname, several] of claims) {
    if (several.length === 1) continue
    broken.add(hostname)
    diagnostics.push(...contradictions(hostname, several))
  }
  for (const hostname of broken) byHost.delete(hostname)
  return { declared: all, byHost, broken, diagnostics }
}

/** As in Aeraki, an object speaks for the services of its own namespace, so that no team configures another's. */
function idleBecause(hostname: string, namespace: string, served: ReadonlyMap<string, string>): string | undefined {
  const owner = served.get(hostname)
  if (owner === undefined)
    return `does nothing: no Service or ServiceEntry of the list is ${hostname} and has a port for Redis with a listener of its own (named \`tcp-redis\`, with a known address)`
  return owner === namespace
    ? undefined
    : `does nothing: ${hostname} is of namespace ${owner}, and only an object of that namespace speaks for it`
}

function withoutEndpoints(hostname: string): string {
  return `must name a service whose endpoints Istio knows: ${hostname} is headless, or has resolution NONE, and redis_proxy has nothing to choose from; give clients a Service with an address, and name that`
}

/** Whether the host is there, and no filter can ever serve it: then what is asked for is lost, and not merely early. */
function isDialled(host: string, place: Place, { resolve }: Context<RedisConfig, undefined>): boolean {
  return resultOf(resolve({ place, namespace: '', host, dialled: 6379, clients: [] }))?.discovery === 'dialled'
}

function contradictions(hostname: string, claims: readonly Claim[]): Diagnostics {
  const names = [...new Set(claims.map(({ object }) => describe(object.source.ref)))].sort()
  return claims.map(({ host, place }) =>
    error(
      place,
      names.length === 1
        ? `must be the only entry for ${hostname}: it is named twice here`
        : `must be the only one that speaks for ${hostname}: ${names.join(' and ')} do; merge them`,
      { currentValue: host },
    ),
  )
}
