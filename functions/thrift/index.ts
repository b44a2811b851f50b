import {
  type Context,
  chain,
  type Diagnostics,
  defineProtocol,
  describe,
  error,
  fail,
  type InboundListener,
  type L7Port,
  map,
  type OutboundListener,
  type Outcome,
  ok,
  type Plan,
  resultOf,
  say,
  statPrefix,
  takesEveryCall,
  warning,
} from 'meltemi'
import type { ThriftConfig } from './config.ts'
import { conversion } from './conversion.ts'
import validateConfig from './generated/config.js'
import { envoySchema } from './generated/envoy-schema.ts'
import { objection } from './objection.ts'
import { callLimit, connectionLimit } from './rate-limit-filter.ts'
import { rateLimitWarning } from './rate-limit-warning.ts'
import { type PortLimit, portKey, type RateLimits, rateLimits } from './rate-limits.ts'
import { limitRows, routeRows } from './route-rows.ts'
import { everyCall, thriftRoutes } from './routes.ts'
import { idleServices, settingsOf } from './settings.ts'
import { type ThriftFilter, thriftProxy } from './thrift-proxy.ts'
import { RATE_LIMIT_KIND } from './thrift-rate-limit.ts'
import { wireWarnings } from './wire-warnings.ts'

/** Apache Thrift, whatever the transport and protocol of each connection are. */
export default defineProtocol<ThriftConfig, RateLimits>({
  name: 'thrift',
  kind: 'Thrift',
  summary: "Routes Thrift calls by method, service and header, mirrors and limits them, with Envoy's thrift_proxy.",
  sharesListeners: false,
  replacesTcpProxy: true,
  supports: [
    'VirtualService.http.match.method',
    'VirtualService.http.match.headers',
    'VirtualService.http.match.withoutHeaders',
    'VirtualService.http.route.weight',
    'VirtualService.http.mirror',
    'VirtualService.http.mirrorPercentage',
    'VirtualService.http.mirrorPercent',
    'VirtualService.http.mirrors',
    'VirtualService.tcp.route.weight',
  ],
  reasons: {
    'VirtualService.http.timeout': 'thrift_proxy has no timeout; set one in the client',
    'VirtualService.http.retries': 'thrift_proxy does not retry',
    'VirtualService.http.fault': 'thrift_proxy injects no faults',
    'VirtualService.http.rewrite':
      'thrift_proxy rewrites nothing but the service name of multiplexed calls, which it strips for `stripServiceName`',
  },
  config: validateConfig,
  envoySchema,
  kinds: [RATE_LIMIT_KIND],
  prepare: rateLimits,
  objection,
  outbound,
  inbound,
  wantsInbound: ({ config }) => config.inbound === true,
  remarks: ({ outbound: listeners }, context) => {
    const ports = listeners.flatMap((listener) => listener.ports)
    const { byPort, problems } = context.prepared
    const limitsCalls = [...byPort.values()].some(({ limit }) => limit.calls !== undefined)
    return [
      ...(limitsCalls ? rateLimitWarning(context.profile) : []),
      ...problems,
      ...idleServices(ports, context),
      ...wireWarnings(ports, context),
    ]
  },
})

function outbound({ ports: [port] }: OutboundListener, context: Context<ThriftConfig, RateLimits>): Outcome<Plan> {
  const limit = context.prepared.byPort.get(portKey(port))
  const plan = chain(settingsOf(port, context), (settings) =>
    map(callFilters(port, limit, context), (filters): Plan => {
      const routes = thriftRoutes(port, settings, limit?.limit.calls)
      const filter = thriftProxy(statPrefix(port), routes, settings, filters)
      return {
        filters: [...connectionFilters(port, limit), { place: 'replace', filter }],
        clusters: conversion(port, settings),
        rows: () => [...limitRows(limit), ...routeRows(port, settings)],
      }
    }),
  )
  return say(plan, missingCatchAll(port))
}

/** Without the filter of a limit that is broken calls would be unlimited, which is not what was asked for. */
function callFilters(
  port: L7Port,
  limit: PortLimit | undefined,
  { prepared: { broken }, resolve }: Context<ThriftConfig, RateLimits>,
): Outcome<readonly ThriftFilter[]> {
  const hasNone = (object: string) => error(port.place, `has no filter, since its ${object} has errors`)
  const faulty = broken.get(portKey(port))
  if (faulty !== undefined) return fail([hasNone(faulty)])
  const calls = limit?.limit.calls
  if (limit === undefined || calls === undefined) return ok([])
  const filter = callLimit(calls, limit, port, resolve)
  const consequence = resultOf(filter) === undefined ? [hasNone(describe(limit.place.source.ref))] : []
  return map(say(filter, consequence), (one) => [one])
}

function connectionFilters(port: L7Port, limit: PortLimit | undefined): Plan['filters'] {
  const connections = limit?.limit.connections
  return connections === undefined ? [] : [{ place: 'before', filter: connectionLimit(statPrefix(port), connections) }]
}

function missingCatchAll(port: L7Port): Diagnostics {
  const last = port.routes.at(-1)
  if (last === undefined || takesEveryCall(port)) return []
  const message = `is the last route and has a \`match\`: clients of ${port.hostname} see "no route for method" for calls that match no route; add a route without \`match\` to let them through`
  return [warning(last.place, message)]
}

function inbound(
  { ports, cluster, containerPort }: InboundListener,
  { config }: Context<ThriftConfig, RateLimits>,
): Outcome<Plan | undefined> {
  if (config.inbound !== true) return ok(undefined)
  const [lead] = ports
  const filter = thriftProxy(`${statPrefix(lead)}_inbound`, [everyCall(cluster)])
  return ok({
    filters: [{ place: 'replace', filter }],
    clusters: [],
    rows: () => [{ calls: 'every method', destination: `the server's port ${containerPort}` }],
  })
}
