import { type NetworkFilter, namespaceOf, typeUrl } from 'meltemi'
import { type Policy, specOf } from './policy.ts'
import { type Principal, principalsOf } from './principals.ts'

const NETWORK_RBAC_TYPE = typeUrl('envoy.extensions.filters.network.rbac.v3.RBAC')

interface RbacPolicy {
  readonly permissions: readonly [{ readonly any: true }]
  readonly principals: readonly Principal[]
}

/**
 * DENY before ALLOW. A stock proxy knows who calls (mutual TLS) but not what: dubbo_proxy tells RBAC neither interface nor
 * method.
 */
export function rbacFilters(policies: readonly Policy[]): readonly NetworkFilter[] {
  return (['DENY', 'ALLOW'] as const).flatMap((action) => {
    const acting = policies.filter((policy) => (specOf(policy).action ?? 'ALLOW') === action)
    const rules = Object.fromEntries(acting.flatMap(rbacPolicies))
    // DENY without a rule denies nothing; ALLOW without a rule allows nothing, and that must be said.
    return acting.length === 0 || (action === 'DENY' && Object.keys(rules).length === 0)
      ? []
      : [networkRbac(action, rules)]
  })
}

/** Lets nobody in. */
export const NOBODY = networkRbac('ALLOW', {})

function rbacPolicies(policy: Policy): readonly (readonly [string, RbacPolicy])[] {
  return (specOf(policy).rules ?? []).map(({ from = [] }, index) => {
    const principals = from.length === 0 ? [{ any: true } as const] : from.map(({ source }) => principalsOf(source))
    const name = `ns[${namespaceOf(policy.source.ref)}]-policy[${policy.source.ref.name}]-rule[${index}]`
    return [name, { permissions: [{ any: true }], principals }]
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
