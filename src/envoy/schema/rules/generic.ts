import { typeName } from '../schema.ts'
import type { JsonObject } from '../walk.ts'
import { type CppRule, child, children, type Finding, finding, has, innerType, when } from './rule.ts'

const GENERIC = 'envoy.extensions.filters.network.generic_proxy'

/** Rules of generic_proxy and of the matchers that it shares with RBAC. */
export const genericRules: readonly CppRule[] = [
  {
    on: `${GENERIC}.v3.GenericProxy`,
    name: 'generic-terminal-filter',
    says: 'the router is the last of `filters`, and there once',
    envoy: 'A terminal L7 filter is necessary for generic proxy',
    find: (proxy) => {
      const filters = children(proxy, 'filters')
      const routers = filters.filter(
        ([, filter]) => innerType(child(filter, 'typed_config')) === `${GENERIC}.router.v3.Router`,
      )
      const early = routers
        .filter(([i]) => i < filters.length - 1)
        .map(([i]) => finding(['filters', i], 'must be the last filter'))
      return routers.length === 0
        ? [finding(['filters'], 'must end with the router, envoy.filters.generic.router')]
        : early
    },
  },
  {
    on: `${GENERIC}.v3.RouteConfiguration`,
    name: 'generic-hosts',
    says: 'every host of `virtual_hosts` is there once and not empty, and `*` stands only where `routes` does not',
    envoy: 'Only unique values for host are permitted. Duplicate entry of domain x in route g',
    find: hosts,
  },
  ...matcherRules(
    `${GENERIC}.v3.RouteConfiguration`,
    'generic',
    `${GENERIC}.action.v3.RouteAction`,
    `${GENERIC}.matcher.v3.`,
  ),
  ...matcherRules(`${GENERIC}.v3.VirtualHost`, 'generic', `${GENERIC}.action.v3.RouteAction`, `${GENERIC}.matcher.v3.`),
  ...matcherRules(
    'envoy.extensions.filters.network.rbac.v3.RBAC',
    'rbac',
    'envoy.config.rbac.v3.Action',
    'envoy.extensions.matching.common_inputs.network.v3.',
  ),
]

function hosts(table: JsonObject): readonly Finding[] {
  const all = children(table, 'virtual_hosts').flatMap(([i, { hosts: names }]) =>
    Array.isArray(names)
      ? names.map((host: unknown, j) => ({ host, at: ['virtual_hosts', i, 'hosts', j] as const }))
      : [],
  )
  return all.flatMap(({ host, at }, n) => [
    ...when(host === '', at, 'must not be empty'),
    ...when(
      all.slice(0, n).some((other) => other.host === host),
      at,
      `must be the only one: "${host}" stands there already`,
    ),
    ...when(
      host === '*' && has(table, 'routes'),
      at,
      'must not be `*` beside `routes`, which are for every other host',
    ),
  ])
}

/** A matcher is shared by filters that accept different actions and inputs in it. */
function matcherRules(on: string, filter: string, action: string, inputs: string): readonly CppRule[] {
  const fields = ['matcher', 'shadow_matcher', 'routes']
  const each = (
    message: JsonObject,
    look: (node: JsonObject, at: Finding['at']) => readonly Finding[],
  ): readonly Finding[] =>
    fields.flatMap((field) => nodes(child(message, field), [field]).flatMap(({ node, at }) => look(node, at)))
  return [
    {
      on,
      name: `${filter}-keep-matching`,
      says: '`keep_matching` is not set in matchers',
      envoy: 'keep_matching is not supported in this context',
      find: (message) =>
        each(message, (node, at) =>
          when(node.keep_matching === true, [...at, 'keep_matching'], 'must not be true in this filter'),
        ),
    },
    {
      on,
      name: `${filter}-match-action`,
      says: `the action of a matcher is ${typeName(action)}`,
      envoy: "Didn't find a registered implementation for",
      find: (message) =>
        each(message, (node, at) => {
          const config = child(node, 'action', 'typed_config')
          const wrong = has(config, '@type') && innerType(config) !== action
          return when(wrong, [...at, 'action', 'typed_config', '@type'], `must be ${action} in this filter`)
        }),
    },
    {
      on,
      name: `${filter}-match-input`,
      says: `inputs of a matcher are of ${inputs}*`,
      envoy: "Didn't find a registered implementation for",
      find: (message) =>
        each(message, (node, at) => {
          const config = child(node, 'input', 'typed_config')
          const wrong = has(config, '@type') && !innerType(config).startsWith(inputs)
          return when(wrong, [...at, 'input', 'typed_config', '@type'], `must be one of ${inputs}* in this filter`)
        }),
    },
  ]
}

interface MatcherNode {
  readonly node: JsonObject
  readonly at: Finding['at']
}

/** Every object below a matcher: its shape is a tree of lists and messages, and what is looked for has its own names. */
function nodes(value: unknown, at: Finding['at']): readonly MatcherNode[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, i) => nodes(item, [...at, i]))
  if (typeof value !== 'object' || value === null) return []
  const node: JsonObject = { ...value }
  return [{ node, at }, ...Object.entries(node).flatMap(([key, inner]) => nodes(inner, [...at, key]))]
}
