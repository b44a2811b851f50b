import {
  at,
  below,
  type Context,
  type Diagnostic,
  type Diagnostics,
  error,
  fail,
  type InboundListener,
  type KubernetesObject,
  type L7Port,
  type Listeners,
  type NetworkFilter,
  type Outcome,
  type Place,
  remark,
  type Sourced,
  schemaDiagnostics,
  typeUrl,
  warning,
} from 'meltemi'
import type { DubboConfig } from './config.ts'
import validatePolicy from './generated/dubbo-authorization-policy.js'
import { isByIdentity, type Principal, principalProblems, principalsOf, type Source } from './principals.ts'

export const POLICY_KIND = { group: 'dubbo.aeraki.io', kind: 'DubboAuthorizationPolicy' } as const
const NETWORK_RBAC_TYPE = typeUrl('envoy.extensions.filters.network.rbac.v3.RBAC')

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
  const diagnostics = policies.flatMap((policy) => [...check(policy), ...unguarded(policy, listener)])
  if (diagnostics.length > 0) return fail(diagnostics)
  const filters = (['DENY', 'ALLOW'] as const).flatMap((action) => {
    const acting = policies.filter(({ value }) => (specOf(value).action ?? 'ALLOW') === action)
    const rules = Object.fromEntries(acting.flatMap(rbacPolicies))
    // DENY without a rule denies nothing; ALLOW without a rule allows nothing, and that must be said.
    return acting.length === 0 || (action === 'DENY' && Object.keys(rules).length === 0)
      ? []
      : [networkRbac(action, rules)]
  })
  return remark(filters, context.profile.mtls === 'strict' ? [] : policies.flatMap(evadable))
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
  return (specOf(value).rules ?? []).flatMap(({ from = [], to = [] }, index) => {
    const rule = below(below(spec, 'rules'), index)
    const names = from.flatMap((one, i) =>
      principalProblems(one.source, below(below(below(rule, 'from'), i), 'source')),
    )
    return [...names, ...(to.length === 0 ? [] : [operations(below(rule, 'to'))])]
  })
}

function operations(place: Place): Diagnostic {
  const message =
    'cannot be enforced by a stock istio-proxy: its RBAC filters see neither the interface nor the method of a Dubbo call. ' +
    'Leave `to` out and let `from` decide for the whole port, or give interfaces that need rules of their own a port of their own; ' +
    "Aeraki's proxy image (`envoy.filters.dubbo.rbac`) and a check in the provider can tell methods apart"
  return error(place, message)
}

/** Beside the TCP chain that a filter guards, a port whose protocol istiod guesses has one that it does not. */
function unguarded(
  { source }: Policy,
  { isSniffed, ports: [{ hostname, number, name }] }: InboundListener,
): Diagnostics {
  if (!isSniffed) return []
  const message =
    `cannot guard ${hostname}:${number}: Istio guesses the protocol of port "${name}" and lets what looks like HTTP pass by another filter chain; ` +
    'name the port `tcp-dubbo` (a Service) or give it `protocol: TCP` (a ServiceEntry)'
  return [error(at(source, 'spec'), message)]
}

/**
 * Rules that a caller evades by leaving mutual TLS out: without a certificate it has no identity, so that no DENY knows it,
 * and it is nobody of those that an ALLOW excludes. That is Istio's semantics as well, and true of PERMISSIVE ports only.
 */
function evadable({ value, source }: Policy): Diagnostics {
  const { action = 'ALLOW', rules = [] } = specOf(value)
  return rules.flatMap(({ from = [] }, index) => {
    const isEvadable = from.some((one) => isByIdentity(one.source) === (action === 'DENY'))
    if (!isEvadable) return []
    const place = below(below(at(source, 'spec'), 'rules'), index)
    const effect = action === 'DENY' ? 'are not denied by this rule' : 'are allowed by this rule'
    return [
      warning(
        place,
        `callers without mutual TLS have no identity and ${effect}: require it with a PeerAuthentication of mode STRICT, and say that it holds with \`mtls: strict\` in the MeshProfile`,
      ),
    ]
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

/** Policies that no filter carries: those without a Dubbo port in their namespace, and those of ports that cannot be guarded. */
export function uncovered({ outbound, inbound }: Listeners, context: Context<DubboConfig>): Diagnostics {
  const covered = new Set(inbound.flatMap(({ ports }) => ports.map(key)))
  const exposed = outbound.flatMap(({ ports }) => ports).filter((port) => !covered.has(key(port)))
  const guarded = new Set(inbound.map(({ namespace }) => namespace))
  return context.objects.flatMap((policy) => {
    const namespace = policy.source.ref.namespace ?? 'default'
    const open = exposed.filter((port) => port.namespace === namespace)
    if (open.length > 0) return open.map((port) => cannotGuard(policy, port))
    if (guarded.has(namespace)) return []
    return [...check(policy), guardsNothing(policy, namespace, context.profile.rootNamespace)]
  })
}

/** Rendered without a word or with a warning it would look like a rule that is in force. */
function guardsNothing({ source }: Policy, namespace: string, rootNamespace: string): Diagnostic {
  const everywhere = namespace === rootNamespace ? '; the root namespace is one like any other to this kind' : ''
  const message =
    `guards nothing: a policy guards the Dubbo ports of its own namespace, and \`${namespace}\` has none in the list${everywhere}. ` +
    'Give it the namespace of the services that it is for, add them to the list, or remove it'
  return error(at(source, 'metadata.namespace'), message, { currentValue: namespace })
}

function key(port: L7Port): string {
  return `${port.hostname}:${port.number}`
}

function cannotGuard({ source }: Policy, { hostname, number }: L7Port): Diagnostic {
  const message =
    `cannot guard ${hostname}:${number}: no sidecar and container port are known to enforce it. The service needs a selector ` +
    '(`spec.selector`, `spec.workloadSelector`), one container port for all workloads that it selects, and no port of another protocol there'
  return error(at(source, 'spec'), message)
}
