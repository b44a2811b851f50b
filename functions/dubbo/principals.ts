import { below, type Diagnostics, error, type Place, type StringMatcher } from 'meltemi'

/** `source` of a DubboAuthorizationPolicy: lists are OR-ed, fields AND-ed. */
export interface Source {
  readonly principals?: readonly string[]
  readonly notPrincipals?: readonly string[]
  readonly namespaces?: readonly string[]
  readonly notNamespaces?: readonly string[]
}

/** Envoy's rbac.v3.Principal. */
export type Principal =
  | { readonly any: true }
  | { readonly and_ids: { readonly ids: readonly Principal[] } }
  | { readonly or_ids: { readonly ids: readonly Principal[] } }
  | { readonly not_id: Principal }
  | { readonly authenticated: { readonly principal_name: StringMatcher | { readonly suffix: string } } }

/** Who a source is, by the SPIFFE identity of the client's certificate; an empty source is anybody. */
export function principalsOf(source: Source): Principal {
  const conditions = [
    ...oneOf(source.principals, byPrincipal),
    ...oneOf(source.notPrincipals, byPrincipal).map(not),
    ...oneOf(source.namespaces, byNamespace),
    ...oneOf(source.notNamespaces, byNamespace).map(not),
  ]
  return conditions.length === 0 ? { any: true } : { and_ids: { ids: conditions } }
}

/** Whether somebody must be known to be meant: an identity is asked for, not only ruled out. */
export function isByIdentity({ principals, namespaces }: Source): boolean {
  return principals !== undefined || namespaces !== undefined
}

/** Principals that no certificate ever carries, so that a rule on them would never match. */
export function principalProblems(source: Source, place: Place): Diagnostics {
  return (['principals', 'notPrincipals'] as const).flatMap((field) =>
    (source[field] ?? []).flatMap((value, index) => {
      const here = below(below(place, field), index)
      if (value.startsWith('spiffe://')) {
        const message = 'must leave out `spiffe://`, as principals of Istio do; with it the rule would never match'
        return [error(here, message, { currentValue: value, proposedValue: value.slice('spiffe://'.length) })]
      }
      const stars = value.split('*').length - 1
      if (stars === 0 || (stars === 1 && (value.startsWith('*') || value.endsWith('*')))) return []
      const message =
        'may have one `*`, at its beginning or at its end; elsewhere it is a letter, and the rule would never match'
      return [error(here, message, { currentValue: value })]
    }),
  )
}

function oneOf(values: readonly string[] | undefined, matcher: (value: string) => Principal): readonly Principal[] {
  return values === undefined || values.length === 0 ? [] : [{ or_ids: { ids: values.map(matcher) } }]
}

function not(principal: Principal): Principal {
  return { not_id: principal }
}

/** `cluster.local/ns/web/sa/cart`, `cluster.local/ns/web/*`, `*\/sa/cart`, or `*`: anybody with a certificate. */
function byPrincipal(value: string): Principal {
  return { authenticated: { principal_name: principalName(value) } }
}

function principalName(value: string): StringMatcher | { readonly suffix: string } {
  if (value === '*') return { safe_regex: { regex: '.+' } }
  if (value.startsWith('*')) return { suffix: value.slice(1) }
  if (value.endsWith('*')) return { prefix: `spiffe://${value.slice(0, -1)}` }
  return { exact: `spiffe://${value}` }
}

/** `*` in a namespace stands for any run of characters; everything else is literal. */
function byNamespace(value: string): Principal {
  const pattern = value.split('*').map(escapeRegex).join('.*')
  return { authenticated: { principal_name: { safe_regex: { regex: `.*/ns/${pattern}/.*` } } } }
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')
}
