import {
  type Context,
  type Diagnostics,
  expandHost,
  type L7Port,
  type Listeners,
  type Outcome,
  portKey,
  type Upstream,
} from 'meltemi'
import { type ByHost, indexByHost, type OfKind } from './by-host.ts'
import type { RedisConfig } from './config.ts'
import type { Declared } from './declared.ts'
import validateDestination from './generated/redis-destination.js'
import validateService from './generated/redis-service.js'
import { REDIS_DESTINATION, REDIS_SERVICE, type RedisDestinationSpec, type RedisServiceSpec, SECRET } from './kinds.ts'
import { type Secrets, secretsByName } from './secrets.ts'
import type { Spread } from './spread.ts'
import type { Wanted } from './wanted.ts'

/** What the list says in Aeraki's kinds, by host. */
export interface Prepared {
  readonly services: ReadonlyMap<string, Declared<RedisServiceSpec>>
  readonly destinations: ReadonlyMap<string, Declared<RedisDestinationSpec>>
  /** What is said of the servers whose own sidecars may get a filter, whether or not their clients get one. */
  readonly servers: Pick<ByHost<RedisDestinationSpec>, 'byHost' | 'broken'>
  /** Hosts about which something is said that does not hold: a filter without it would be another than was asked for. */
  readonly broken: ReadonlySet<string>
  /** Those of them that nobody may send keys to: their servers may ask for a password, or be a Redis Cluster. */
  readonly unknownServers: ReadonlySet<string>
  /** Whether a RedisService is about a host or sends keys to it: its author counts on sharding, as Aeraki always shards. */
  readonly isSharded: (hostname: string) => boolean
  /** What `spreadOf` has found: a cluster that many routes name is looked at once. */
  readonly spreads: WeakMap<Upstream, Spread>
  /** What `wanted` has found: a port that many send keys to is looked at once. */
  readonly wants: WeakMap<L7Port, Outcome<Wanted>>
  /** By `portKey`. */
  readonly ports: ReadonlyMap<string, L7Port>
  readonly secrets: Secrets
  /** Whether sidecars must read a password that a server asks for. */
  readonly readsPasswords: boolean
  readonly diagnostics: Diagnostics
}

export type RedisContext = Context<RedisConfig, Prepared>

/** Indexes the RedisServices, RedisDestinations and Secrets of the list, and says what is wrong with them. */
export function prepare(listeners: Listeners, context: Context<RedisConfig, undefined>): Prepared {
  const served = namespaces(listeners.outbound)
  const withServers = new Map([...served, ...(context.config.inbound === true ? namespaces(listeners.inbound) : [])])
  const of = ({ group, kind }: { readonly group: string; readonly kind: string }): OfKind => ({
    kind,
    objects: context.objects.filter(({ value }) => value.kind === kind),
    // A group of Aeraki's kinds without a kind may be either.
    refused: context.refused.filter(
      ({ source: { ref } }) => ref.kind === kind || (ref.kind === '' && ref.apiVersion.startsWith(`${group}/`)),
    ),
  })
  const secrets = of(SECRET)
  const services = indexByHost<RedisServiceSpec>(of(REDIS_SERVICE), validateService, served, context)
  const destinationsOf = (hosts: ReadonlyMap<string, string>) =>
    indexByHost<RedisDestinationSpec>(of(REDIS_DESTINATION), validateDestination, hosts, context)
  const destinations = destinationsOf(served)
  const servers = withServers.size === served.size ? destinations : destinationsOf(withServers)
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
    servers,
    broken: new Set([...services.broken, ...destinations.broken]),
    unknownServers: destinations.broken,
    isSharded: (hostname) => services.byHost.has(hostname) || isTarget(hostname),
    spreads: new WeakMap(),
    wants: new WeakMap(),
    ports: new Map(listeners.outbound.flatMap(({ ports }) => ports).map((port) => [portKey(port), port])),
    readsPasswords: context.config.secrets !== 'inline' && [...destinations.byHost.values()].some(asksSecret),
    secrets: secretsByName(secrets.objects, secrets.refused),
    // Of fewer hosts, `destinations` has found nothing more.
    diagnostics: [...services.diagnostics, ...servers.diagnostics],
  }
}

function asksSecret({ spec }: Declared<RedisDestinationSpec>): boolean {
  return spec.trafficPolicy?.connectionPool?.redis?.auth?.secret !== undefined
}

/** Of the hosts behind listeners. */
function namespaces(listeners: readonly { readonly ports: readonly L7Port[] }[]): ReadonlyMap<string, string> {
  return new Map(listeners.flatMap(({ ports }) => ports).map((port) => [port.hostname, port.namespace]))
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
