import {
  type Context,
  chain,
  type Diagnostic,
  type Diagnostics,
  defineProtocol,
  fail,
  type InboundListener,
  info,
  type L7Port,
  type OutboundListener,
  type Outcome,
  ok,
  type Plan,
  remark,
  say,
  statPrefix,
  staysPlain,
  takesEveryCall,
  warning,
} from 'meltemi'
import { type Authorization, guardAt, inErrorOf, isWithoutRule, readAuthorization } from './authorization.ts'
import type { DubboConfig } from './config.ts'
import { crashWarning, deniedCallerWarning } from './crash-warning.ts'
import { declarations } from './declarations.ts'
import { DEFAULT_MAX_RESPONSE_BYTES, dubboProxy, responseBuffers } from './dubbo-proxy.ts'
import validateConfig from './generated/config.js'
import { envoySchema } from './generated/envoy-schema.ts'
import { listed } from './guard.ts'
import { POLICY_KIND } from './policy.ts'
import { routeConfigurations } from './route-configuration.ts'
import { routeRows } from './route-rows.ts'
import { type Declaration, EVERY_INTERFACE } from './service-key.ts'

/** Dubbo 2 with Hessian2 on the wire. Triple is HTTP/2, which Istio routes by itself on ports named `grpc-*` or `http2-*`. */
export default defineProtocol<DubboConfig, Authorization>({
  name: 'dubbo',
  kind: 'Dubbo',
  summary: "Routes Dubbo calls by interface, method and attachment, with Envoy's dubbo_proxy.",
  sharesListeners: true,
  replacesTcpProxy: true,
  supports: [
    'VirtualService.http.match.method',
    'VirtualService.http.match.headers',
    'VirtualService.http.match.withoutHeaders',
    'VirtualService.http.route.weight',
    'VirtualService.tcp.route.weight',
  ],
  reasons: {
    'VirtualService.http.timeout': "dubbo_proxy has no timeout; set `timeout` in the consumer's reference",
    'VirtualService.http.retries': "dubbo_proxy does not retry; set `retries` in the consumer's reference",
    'VirtualService.http.mirror': 'dubbo_proxy does not mirror',
    'VirtualService.http.fault': 'dubbo_proxy injects no faults',
  },
  kinds: [POLICY_KIND],
  config: validateConfig,
  envoySchema,
  prepare: readAuthorization,
  outbound,
  inbound,
  wantsInbound: ({ config }) => config.inbound === true,
  remarks: ({ outbound: listeners }, { prepared, profile }) => {
    const isServed = listeners.some(({ ports }) => ports.some((port) => !isWithoutRule(port, prepared)))
    return [
      ...(isServed ? crashWarning(profile) : []),
      ...deniedCallerWarning(prepared.inForce, profile),
      ...prepared.diagnostics,
      ...prepared.unguardable.values(),
    ]
  },
})

function outbound(listener: OutboundListener, context: Context<DubboConfig, Authorization>): Outcome<Plan> {
  const heldBack = listener.ports.flatMap((port) => {
    const inError = inErrorOf(port, context.prepared)
    return inError === undefined ? [] : [staysPlain(port, inError)]
  })
  const plan = chain(declarations(listener), (all) => {
    // Its twin is no less one where a port is held back: who would get its calls was never asked for.
    const found = all.filter(({ port }) => !isWithoutRule(port, context.prepared))
    return found.length === 0 ? fail([]) : planOf(found, listener, context)
  })
  return say(plan, heldBack)
}

function planOf(
  found: readonly Declaration[],
  listener: OutboundListener,
  { config }: Context<DubboConfig>,
): Outcome<Plan> {
  const [lead] = listener.ports
  const ownsListener = listener.ports.length === 1
  const configurations = routeConfigurations(found, ownsListener)
  const served = found.map(({ port }) => port)
  const plan: Plan = {
    filters: [{ place: 'replace', filter: dubboProxy(statPrefix(lead), configurations) }],
    clusters: responseBuffers(served.flatMap(clustersOf), config.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES),
    rows: () => routeRows(found, configurations.length > found.length ? lead : undefined),
  }
  return remark(plan, served.flatMap(missingCatchAll))
}

function clustersOf(port: L7Port): readonly string[] {
  return [port.cluster, ...port.routes.flatMap(({ destinations }) => destinations.map(({ cluster }) => cluster))]
}

function missingCatchAll(port: L7Port): Diagnostics {
  const last = port.routes.at(-1)
  if (last === undefined || takesEveryCall(port)) return []
  return [
    warning(
      last.place,
      `is the last route and has a \`match\`: calls to ${port.hostname} that match no route are refused; add a route without \`match\` to let them through`,
    ),
  ]
}

function inbound(
  listener: InboundListener,
  { config, prepared }: Context<DubboConfig, Authorization>,
): Outcome<Plan | undefined> {
  const { cluster, ports, containerPort } = listener
  const { filters: guards = [], inError = [] } = guardAt(listener, prepared) ?? {}
  const guard = guards.map((filter) => ({ place: 'guard', filter }) as const)
  if (inError.length > 0)
    return remark(
      guardPlan(guard, 'refused, all of them'),
      ports.map((port) => closed(port, inError)),
    )
  // What cannot be guarded has been said.
  if (ports.some((port) => isWithoutRule(port, prepared))) return ok(undefined)
  if (config.inbound !== true) return ok(guards.length === 0 ? undefined : guardPlan(guard, RULES))
  const routes = [{ match: { method: { name: { safe_regex: { regex: '.*' } } } }, route: { cluster } }]
  const prefix = `${statPrefix(ports[0])}_inbound`
  return ok({
    filters: [
      ...guard,
      { place: 'replace', filter: dubboProxy(prefix, [{ name: cluster, interface: EVERY_INTERFACE, routes }]) },
    ],
    clusters: responseBuffers([cluster], config.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES),
    rows: () => [{ calls: 'every interface every method', destination: `the provider's port ${containerPort}` }],
  })
}

const RULES = 'allowed or denied by the DubboAuthorizationPolicies of the namespace'

function guardPlan(filters: Plan['filters'], destination: string): Plan {
  return { filters, clusters: [], rows: () => [{ calls: 'connections', destination }] }
}

function closed({ hostname, number, place }: L7Port, inError: readonly string[]): Diagnostic {
  return info(place, `${hostname}:${number} lets nobody in until the errors of ${listed(inError)} are mended`)
}
