import {
  at,
  below,
  type Diagnostic,
  type Diagnostics,
  error,
  type KubernetesObject,
  type Place,
  type Sourced,
  schemaDiagnostics,
  warning,
} from 'meltemi'
import validatePolicy from './generated/dubbo-authorization-policy.js'
import { isByIdentity, principalProblems, type Source } from './principals.ts'

export const POLICY_KIND = { group: 'dubbo.aeraki.io', kind: 'DubboAuthorizationPolicy' } as const

export type Policy = Sourced<KubernetesObject>

export interface PolicySpec {
  readonly action?: 'ALLOW' | 'DENY'
  readonly rules?: readonly {
    readonly from?: readonly { readonly source: Source }[]
    readonly to?: readonly unknown[]
  }[]
}

/** `spec` of a policy that `policyProblems` has found nothing wrong with. */
export function specOf({ value }: Policy): PolicySpec {
  // The schema that it was held against is what this interface restates.
  return (value.spec ?? {}) as PolicySpec
}

/** What would keep a policy from being enforced as it is written. */
export function policyProblems(policy: Policy): Diagnostics {
  const spec = at(policy.source, 'spec')
  const broken = schemaDiagnostics(policy.value.spec ?? {}, validatePolicy, spec)
  if (broken.length > 0) return broken
  return (specOf(policy).rules ?? []).flatMap(({ from = [], to = [] }, index) => {
    const rule = below(below(spec, 'rules'), index)
    const names = from.flatMap(({ source }, i) =>
      principalProblems(source, below(below(below(rule, 'from'), i), 'source')),
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

/**
 * Rules that a caller evades by leaving mutual TLS out: without a certificate it has no identity, so that no DENY knows it,
 * and it is nobody of those that an ALLOW excludes. That is Istio's semantics as well, and true of PERMISSIVE ports only.
 */
export function evadableRules(policy: Policy): Diagnostics {
  const { action = 'ALLOW', rules = [] } = specOf(policy)
  const effect = action === 'DENY' ? 'are not denied by this rule' : 'are allowed by this rule'
  return rules.flatMap(({ from = [] }, index) => {
    const isEvadable = from.some(({ source }) => isByIdentity(source) === (action === 'DENY'))
    if (!isEvadable) return []
    const message = `callers without mutual TLS have no identity and ${effect}: require it with a PeerAuthentication of mode STRICT, and say that it holds with \`mtls: strict\` in the MeshProfile`
    return [warning(below(below(at(policy.source, 'spec'), 'rules'), index), message)]
  })
}
