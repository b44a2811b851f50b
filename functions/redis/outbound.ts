import {
  below,
  chain,
  type Diagnostic,
  type Diagnostics,
  diagnosticsOf,
  error,
  fail,
  info,
  type L7Port,
  type OutboundListener,
  type Outcome,
  ok,
  type Plan,
  portKey,
  remark,
  resultOf,
  say,
  statPrefix,
  staysPlain,
  type Upstream,
  warning,
} from 'meltemi'
import { both } from './both.ts'
import { clusterChanges, clusterSubset } from './cluster-changes.ts'
import { clusterName } from './cluster-name.ts'
import { type Credentials, credentials } from './credentials.ts'
import { checkCustomCommands } from './custom-commands.ts'
import type { Declared } from './declared.ts'
import { redisFaults } from './faults.ts'
import type { RedisServiceSpec } from './kinds.ts'
import { labelledPods } from './labelled-pods.ts'
import { checkRedirection, poolSettings } from './pool-settings.ts'
import type { RedisContext } from './prepared.ts'
import { redisProxy } from './redis-proxy.ts'
import { routeRows } from './route-rows.ts'
import { type Aim, type Destinations, ownUpstream, type RouteTable } from './routes.ts'
import { destinationsOf, slips } from './slips.ts'
import { type Spread, spreadOf, waysToShard } from './spread.ts'
import { isConfigured, routeRemarks } from './traps.ts'
import { tableAt, type Wanted, wanted } from './wanted.ts'

export function outbound(listener: OutboundListener, context: RedisContext): Outcome<Plan> {
  // A protocol that does not share listeners has one port behind each.
  const [port] = listener.ports
  const plan = planOf(port, context)
  const isSilent = !diagnosticsOf(plan).some(({ place }) => place?.source.item === port.place.source.item)
  if (resultOf(plan) !== undefined || !isSilent) return plan
  return fail([...diagnosticsOf(plan), staysPlain(port, 'what speaks for it')])
}

function planOf(port: L7Port, context: RedisContext): Outcome<Plan> {
  // What is wrong has been said; a filter without it would be another than was asked for.
  if (context.prepared.broken.has(port.hostname)) return fail([])
  return chain(ownUpstream(port, context), (own) => planFor(port, own, context))
}

function planFor(port: L7Port, own: Upstream, context: RedisContext): Outcome<Plan> {
  const service = context.prepared.services.get(port.hostname)
  const isAsked = isConfigured(port, context)
  const spread = spreadOf(own, context)
  if (!isAsked && spread.kind === 'scattered')
    return fail([warning(port.place, `stays plain TCP: ${spread.why}. ${waysToShard(own)}`)])
  const plan = chain(wanted(port, own, context), (found) => {
    const faults = unusableAims(found.table, context)
    const filter = faults.length > 0 ? fail(faults) : filterOf(port, found, service, context)
    const pods = labelledPods(port, found.table, service, context, (hostname, number) =>
      tableAt(portKey({ hostname, number }), context),
    )
    const changes = both(clusterChanges(port, own, context), pods, (clusters, labels) => ({ clusters, labels }))
    return both(
      filter,
      changes,
      (proxy, { clusters, labels }): Plan => ({
        filters: [{ place: 'replace', filter: proxy }],
        clusters,
        ...(Object.keys(labels).length === 0 ? {} : { requiredLabels: labels }),
        rows: () => routeRows(found.table, context),
      }),
    )
  })
  return isAsked ? plan : chain(plan, (value) => remark(value, [transparency(port, spread)]))
}

/** What was done for a port about which nothing is said, and what it asks of clients. */
function transparency({ hostname, number, place }: L7Port, { kind }: Spread): Diagnostic {
  const why = kind === 'single' ? 'it has one server' : 'keys are hashed over its servers'
  const message = `${hostname}:${number} goes through redis_proxy, since ${why}`
  return info(place, message)
}

/** Whether a port of the protocol gets no filter, since what speaks for it is in error. */
function isUnserved({ hostname, port }: Upstream, context: RedisContext): boolean {
  const { broken, ports } = context.prepared
  const key = portKey({ hostname, number: port })
  return ports.has(key) && (broken.has(hostname) || tableAt(key, context) === undefined)
}

/** Clusters whose answers clients get. */
function answering(to: Destinations): readonly Aim[] {
  return to.reads === undefined ? [to] : [to, to.reads]
}

function unusableAims(table: RouteTable, context: RedisContext): Diagnostics {
  const faults: Diagnostic[] = []
  for (const to of destinationsOf(table)) {
    for (const aim of answering(to)) faults.push(...unusable(aim, context))
    for (const aim of to.mirrors) faults.push(...unusable(aim, context))
  }
  return faults
}

/** Why a key cannot be written there, or is not found again; empty: it can and is. */
function unusable({ upstream, place }: Aim, context: RedisContext): Diagnostics {
  if (context.prepared.unknownServers.has(upstream.hostname)) {
    const message = `cannot be sent to: ${upstream.hostname} may ask for a password or be a Redis Cluster, which is not known until the errors of its RedisDestination are mended`
    return [error(place, message)]
  }
  const spread = spreadOf(upstream, context)
  if (spread.kind === 'cluster' && upstream.subset !== undefined) return [clusterSubset(upstream, place)]
  if ((spread.kind === 'cluster' || spread.kind === 'merged') && isUnserved(upstream, context)) {
    const { hostname, port } = upstream
    const message = `cannot be sent to: it is the filter of ${hostname}:${port} that makes its cluster what it must be, and there is none until the errors of what speaks for ${hostname} are mended`
    return [error(place, message)]
  }
  if (spread.kind !== 'scattered') return []
  return [error(place, `cannot be sent to: ${spread.why}. ${waysToShard(upstream)}`)]
}

function filterOf(port: L7Port, found: Wanted, service: Declared<RedisServiceSpec> | undefined, context: RedisContext) {
  const settings = service?.spec.settings ?? {}
  const place = service === undefined ? port.place : below(service.place, 'settings')
  const hasCluster = destinationsOf(found.table).some((to) =>
    answering(to).some(({ upstream }) => spreadOf(upstream, context).kind === 'cluster'),
  )
  const site = { place, hasCluster, ...(found.opTimeout === undefined ? {} : { opTimeout: found.opTimeout }) }
  const checks = both(
    checkRedirection(settings, place),
    checkCustomCommands(settings.customCommands ?? [], place),
    () => undefined,
  )
  const pool = both(poolSettings(settings, site, context), checks, (value) => value)
  const said = both(redisFaults(found.faults), clientCredentials(port, service, context), (faults, password) => ({
    faults,
    password,
  }))
  const filter = both(pool, said, (poolOf, { faults, password }) =>
    redisProxy({
      statPrefix: statPrefix(port),
      pool: poolOf,
      table: found.table,
      clusterOf: (upstream) => clusterName(upstream, context),
      settings,
      faults,
      ...(password === undefined ? {} : { credentials: password }),
    }),
  )
  return say(filter, [...routeRemarks(port, found.table, service), ...slips(found.table, service)])
}

function clientCredentials(
  port: L7Port,
  service: Declared<RedisServiceSpec> | undefined,
  context: RedisContext,
): Outcome<Credentials | undefined> {
  const auth = service?.spec.settings?.auth
  if (service === undefined || auth === undefined) return ok(undefined)
  const place = below(below(service.place, 'settings'), 'auth')
  return credentials(auth, { saidBy: 'clients', place, namespace: service.namespace, port }, context)
}
