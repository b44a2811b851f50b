import {
  at,
  below,
  type Context,
  type Diagnostics,
  error,
  fail,
  type InboundListener,
  type KubernetesObject,
  type L7Port,
  type Listeners,
  type NetworkFilter,
  type Outcome,
  remark,
  type Sourced,
  schemaDiagnostics,
  typeUrl,
  warning,
} from 'meltemi'
import type { DubboConfig } from './config.ts'
import validatePolicy from './generated/dubbo-authorization-policy.js'
import { type Principal, principalsOf, type Source } from './principals.ts'

export const POLICY_KIND = { group: 'dubbo.aeraki.io', kind: 'DubboAuthorizationPolicy' } as const
export const NETWORK_RBAC_TYPE = typeUrl('envoy.extensions.filters.network.rbac.v3.RBAC')

type Policy = Sourced<KubernetesObject>

interface PolicySpec {
  readonly action?: 'ALLOW' | 'DENY'
  readonly rules?: readonly {
    readonly from?: readonly { readonly source: Source }[]
    readonly to?: readonly unknown[]
  }[]
}

interface RbacPolicy {
  readonly permissions: readonly [{ readonly any: true }]
  readonly principals: readonly Principal[]
}

/**
 * The network RBAC filters of a provider's port, DENY before ALLOW, from the policies of its namespace. A stock proxy knows
 * who calls (mutual TLS) but not what: dubbo_proxy tells RBAC neither interface nor method. A rule on those is refused.
 */
export function authorizationFilters(
  listener: InboundListener,
  context: Context<DubboConfig>,
): Outcome<readonly NetworkFilter[]> {
  const policies = policiesOf(listener.namespace, context)
  const diagnostics = policies.flatMap(check)
  if (diagnostics.length > 0) return fail(diagnostics)
  const filters = (['DENY', 'ALLOW'] as const).flatMap((action) => {
    const acting = policies.filter(({ value }) => (specOf(value).action ?? 'ALLOW') === action)
    const rules = Object.fromEntries(acting.flatMap(rbacPolicies))
    // DENY without a rule denies nothing; ALLOW without a rule allows nothing, and that must be said.
    return acting.length === 0 || (action === 'DENY' && Object.keys(rules).length === 0)
      ? []
      : [networkRbac(action, rules)]
  })
  return remark(filters, [])
}

function policiesOf(namespace: string, context: Context<DubboConfig>): readonly Policy[] {
  return context.objects.filter(({ source }) => (source.ref.namespace ?? 'default') === namespace)
}

function specOf(policy: KubernetesObject): PolicySpec {
  // `check` has held it against the schema that this interface restates.
  return (policy.spec ?? {}) as PolicySpec
}

function check({ value, source }: Policy): Diagnostics {
  const spec = at(source, 'spec')
  const broken = schemaDiagnostics(value.spec ?? {}, validatePolicy, spec)
  if (broken.length > 0) return broken
  return (specOf(value).rules ?? []).flatMap(({ to = [] }, index) => {
    if (to.length === 0) return []
    const place = below(below(below(spec, 'rules'), index), 'to')
    const message =
      'cannot be enforced by a stock istio-proxy: its RBAC filters see neither the interface nor the method of a Dubbo call. ' +
      'Leave `to` out and let `from` decide for the whole port, or give interfaces that need rules of their own a port of their own; ' +
      "Aeraki's proxy image (`envoy.filters.dubbo.rbac`) and a check in the provider can tell methods apart"
    return [error(place, message)]
  })
}

function rbacPolicies({ value, source }: Policy): readonly (readonly [string, RbacPolicy])[] {
  const { name, namespace = 'default' } = source.ref
  return (specOf(value).rules ?? []).map((rule, index) => {
    const from = rule.from ?? []
    const principals =
      from.length === 0 ? [{ any: true } as const] : from.map(({ source: caller }) => principalsOf(caller))
    return [`ns[${namespace}]-policy[${name}]-rule[${index}]`, { permissions: [{ any: true }], principals }]
  })
}

function networkRbac(action: 'ALLOW' | 'DENY', policies: Readonly<Record<string, RbacPolicy>>): NetworkFilter {
  return {
    name: 'envoy.filters.network.rbac',
    typed_config: {
      '@type': NETWORK_RBAC_TYPE,
      stat_prefix: `dubbo_${action.toLowerCase()}_`,
      rules: { action, policies },
    },
  }
}

/** Policies that no filter carries: a broken one, one without a Dubbo port in its namespace, and ports without a selector. */
export function uncovered({ outbound, inbound }: Listeners, context: Context<DubboConfig>): Diagnostics {
  const covered = new Set(inbound.flatMap(({ ports }) => ports.map(key)))
  const exposed = outbound.flatMap(({ ports }) => ports).filter((port) => !covered.has(key(port)))
  const guarded = new Set(inbound.map(({ namespace }) => namespace))
  return context.objects.flatMap((policy) => {
    const namespace = policy.source.ref.namespace ?? 'default'
    const open = exposed.filter((port) => port.namespace === namespace)
    if (open.length > 0) return open.map((port) => cannotGuard(policy, port))
    if (guarded.has(namespace)) return []
    const idle = warning(
      at(policy.source, 'metadata.namespace'),
      `applies to no Dubbo port: there is none in namespace \`${namespace}\``,
    )
    return [...check(policy), idle]
  })
}

function key(port: L7Port): string {
  return `${port.hostname}:${port.number}`
}

function cannotGuard({ source }: Policy, { hostname, number }: L7Port) {
  const message = `cannot guard ${hostname}:${number}: the service has no workload selector, so no sidecar is known to enforce it; give it one (\`spec.selector\`, \`spec.workloadSelector\`)`
  return error(at(source, 'spec'), message)
}
