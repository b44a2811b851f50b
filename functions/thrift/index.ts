import {
  type Context,
  chain,
  type Diagnostics,
  defineProtocol,
  fail,
  type InboundListener,
  type L7Port,
  type OutboundListener,
  type Outcome,
  ok,
  type Plan,
  remark,
  statPrefix,
  staysPlain,
  staysUnfiltered,
  takesEveryCall,
  warning,
} from 'meltemi'
import type { ThriftConfig } from './config.ts'
import { conversion } from './conversion.ts'
import validateConfig from './generated/config.js'
import { envoySchema } from './generated/envoy-schema.ts'
import { objection } from './objection.ts'
import { connectionLimit } from './rate-limit-filter.ts'
import { rateLimitWarning } from './rate-limit-warning.ts'
import { inErrorOf, limitOf, type PortLimit, type RateLimits, rateLimits } from './rate-limits.ts'
import { limitRows, routeRows } from './route-rows.ts'
import { everyCall, thriftRoutes } from './routes.ts'
import { idleServices, settingsOf } from './settings.ts'
import { thriftProxy } from './thrift-proxy.ts'
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
    const served = ports.filter((port) => inErrorOf(port, context.prepared) === undefined)
    const { byPort, problems } = context.prepared
    const limitsCalls = [...byPort.values()].some(({ limit }) => limit.calls !== undefined)
    return [
      ...(limitsCalls ? rateLimitWarning(context.profile) : []),
      ...problems,
      ...idleServices(ports, context),
      ...wireWarnings(served, context),
    ]
  },
})

function outbound({ ports: [port] }: OutboundListener, context: Context<ThriftConfig, RateLimits>): Outcome<Plan> {
  const inError = inErrorOf(port, context.prepared)
  if (inError !== undefined) return fail([staysPlain(port, inError)])
  const limit = limitOf(port, context.prepared)
  return chain(settingsOf(port, context), (settings) => {
    const routes = thriftRoutes(port, settings, limit?.limit.calls)
    const filter = thriftProxy(statPrefix(port), routes, settings, limit?.callFilters)
    const plan: Plan = {
      filters: [...connectionFilters(port, limit), { place: 'replace', filter }],
      clusters: conversion(port, settings),
      rows: () => [...limitRows(limit), ...routeRows(port, settings)],
    }
    return remark(plan, missingCatchAll(port))
  })
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
  { config, prepared }: Context<ThriftConfig, RateLimits>,
): Outcome<Plan | undefined> {
  if (config.inbound !== true) return ok(undefined)
  const heldBack = ports.flatMap((port) => {
    const inError = inErrorOf(port, prepared)
    return inError === undefined ? [] : [staysUnfiltered(port, inError)]
  })
  if (heldBack.length > 0) return remark(undefined, heldBack)
  const [lead] = ports
  const filter = thriftProxy(`${statPrefix(lead)}_inbound`, [everyCall(cluster)])
  return ok({
    filters: [{ place: 'replace', filter }],
    clusters: [],
    rows: () => [{ calls: 'every method', destination: `the server's port ${containerPort}` }],
  })
}
