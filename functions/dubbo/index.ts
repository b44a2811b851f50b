import {
  type Context,
  chain,
  type Diagnostics,
  defineProtocol,
  type InboundListener,
  type L7Port,
  map,
  type OutboundListener,
  type Outcome,
  type Plan,
  remark,
  statPrefix,
  takesEveryCall,
  warning,
} from 'meltemi'
import { type Authorization, authorizationFilters, readAuthorization, uncovered } from './authorization.ts'
import type { DubboConfig } from './config.ts'
import { crashWarning, deniedCallerWarning } from './crash-warning.ts'
import { declarations } from './declarations.ts'
import { DEFAULT_MAX_RESPONSE_BYTES, dubboProxy, responseBuffers } from './dubbo-proxy.ts'
import validateConfig from './generated/config.js'
import { envoySchema } from './generated/envoy-schema.ts'
import { POLICY_KIND } from './policy.ts'
import { routeConfigurations } from './route-configuration.ts'
import { routeRows } from './route-rows.ts'
import { EVERY_INTERFACE } from './service-key.ts'

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
  prepare: (_, context) => readAuthorization(context),
  outbound,
  inbound,
  wantsInbound: ({ config }) => config.inbound === true,
  remarks: (listeners, context) => [
    ...(listeners.outbound.length === 0 ? [] : crashWarning(context.profile)),
    ...deniedCallerWarning(context.objects, context.profile),
    ...context.prepared.diagnostics,
    ...uncovered(listeners, context),
  ],
})

function outbound(listener: OutboundListener, context: Context<DubboConfig>): Outcome<Plan> {
  return chain(declarations(listener), (found) => {
    const [lead] = listener.ports
    const ownsListener = listener.ports.length === 1
    const configurations = routeConfigurations(found, ownsListener)
    const clusters = listener.ports.flatMap(clustersOf)
    const plan: Plan = {
      filters: [{ place: 'replace', filter: dubboProxy(statPrefix(lead), configurations) }],
      clusters: responseBuffers(clusters, context.config.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES),
      rows: () => routeRows(found, configurations.length > found.length ? lead : undefined),
    }
    return remark(plan, listener.ports.flatMap(missingCatchAll))
  })
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

function inbound(listener: InboundListener, context: Context<DubboConfig, Authorization>): Outcome<Plan | undefined> {
  return map(authorizationFilters(listener, context), (guards) => {
    const isObserved = context.config.inbound === true
    if (guards.length === 0 && !isObserved) return undefined
    const guard = guards.map((filter) => ({ place: 'guard', filter }) as const)
    if (!isObserved) return { filters: guard, clusters: [], rows: () => guardRows }
    const { cluster } = listener
    const routes = [{ match: { method: { name: { safe_regex: { regex: '.*' } } } }, route: { cluster } }]
    const prefix = `${statPrefix(listener.ports[0])}_inbound`
    return {
      filters: [
        ...guard,
        { place: 'replace', filter: dubboProxy(prefix, [{ name: cluster, interface: EVERY_INTERFACE, routes }]) },
      ],
      clusters: responseBuffers([cluster], context.config.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES),
      rows: () => [
        { calls: 'every interface every method', destination: `the provider's port ${listener.containerPort}` },
      ],
    }
  })
}

const guardRows = [
  { calls: 'connections', destination: 'allowed or denied by the DubboAuthorizationPolicies of the namespace' },
]
