import type { JsonObject } from '../walk.ts'
import { type CppRule, child, children, type Finding, finding, has, when } from './rule.ts'

const DUBBO = 'envoy.extensions.filters.network.dubbo_proxy.v3'
const THRIFT = 'envoy.extensions.filters.network.thrift_proxy.v3'

const THRIFT_ACTIONS = [
  'source_cluster',
  'destination_cluster',
  'request_headers',
  'remote_address',
  'generic_key',
  'header_value_match',
]

/** Rules of Dubbo's and Thrift's route tables. */
export const routeRules: readonly CppRule[] = [
  {
    on: `${DUBBO}.RouteMatch`,
    name: 'dubbo-method-name',
    says: 'a route must match a method by `method.name`',
    envoy: 'Configuration must define a matcher',
    find: (match) =>
      when(
        !has(child(match, 'method'), 'name'),
        ['method'],
        'must have `name`: to match every method, `name: {safe_regex: {regex: ".*"}}`',
      ),
  },
  {
    on: `${DUBBO}.DubboProxy`,
    name: 'dubbo-one-route-table',
    says: '`route_config` stands alone',
    envoy: 'both mutiple_route_config and route_config is present in DubboProxy',
    find: (proxy) => besides(proxy, 'route_config', ['drds', 'multiple_route_config']),
  },
  {
    on: `${DUBBO}.DubboFilter`,
    name: 'dubbo-filter-name',
    says: '`name` is envoy.filters.dubbo.router: Envoy finds the filter by it, and there is no other',
    envoy: "Didn't find a registered implementation for name",
    find: ({ name }) =>
      when(
        name !== 'envoy.filters.dubbo.router',
        ['name'],
        'must be envoy.filters.dubbo.router, the only Dubbo filter',
      ),
  },
  {
    on: `${DUBBO}.Drds`,
    name: 'dubbo-drds-aggregated',
    says: 'routes by discovery come over ADS',
    envoy: 'drds supports only aggregated api_type in api_config_source',
    find: aggregated,
  },
  {
    on: `${DUBBO}.RouteAction`,
    name: 'dubbo-weight',
    says: 'every weighted cluster has a `weight`',
    envoy: "Field 'weight' is missing in",
    find: (action) =>
      children(child(action, 'weighted_clusters'), 'clusters').flatMap(([i, cluster]) =>
        when(!has(cluster, 'weight'), ['weighted_clusters', 'clusters', i], 'must have `weight`'),
      ),
  },
  {
    on: `${THRIFT}.WeightedCluster.ClusterWeight`,
    name: 'thrift-weight',
    says: 'every weighted cluster has a `weight`',
    envoy: "Field 'weight' is missing in",
    find: (cluster) => when(!has(cluster, 'weight'), [], 'must have `weight`'),
  },
  {
    on: `${THRIFT}.ThriftProxy`,
    name: 'thrift-one-route-table',
    says: '`route_config` stands alone',
    envoy: 'both trds and route_config is present in ThriftProxy',
    find: (proxy) => besides(proxy, 'route_config', ['trds']),
  },
  {
    on: `${THRIFT}.ThriftProxy`,
    name: 'thrift-validate-clusters',
    says: '`route_config` with routes has `validate_clusters: false`, or the listener depends on clusters that may come later',
    envoy: 'route: unknown thrift cluster',
    find: (proxy) => {
      const table = child(proxy, 'route_config')
      const message = 'must be false: else Envoy refuses the whole listener while one cluster of a route is not there'
      return when(
        children(table, 'routes').length > 0 && table.validate_clusters !== false,
        ['route_config', 'validate_clusters'],
        message,
      )
    },
  },
  {
    on: `${THRIFT}.Trds`,
    name: 'thrift-trds-aggregated',
    says: 'routes by discovery come over ADS',
    envoy: 'trds supports only aggregated api_type in api_config_source',
    find: aggregated,
  },
  {
    on: `${THRIFT}.RouteMatch`,
    name: 'thrift-invert',
    says: '`invert` needs a name to invert',
    envoy: 'Cannot have an empty method name with inversion enabled',
    find: (match) =>
      ['method_name', 'service_name'].flatMap((name) =>
        when(match.invert === true && match[name] === '', [name], 'must not be empty where `invert` is true'),
      ),
  },
  {
    on: `${THRIFT}.RouteAction`,
    name: 'thrift-rate-limit-action',
    says: `rate limits of a Thrift route know the actions ${THRIFT_ACTIONS.slice(0, -1).join(', ')} and ${THRIFT_ACTIONS.at(-1)}`,
    envoy: 'unsupported RateLimit Action 13',
    find: (action) => children(action, 'rate_limits').flatMap(([i, limit]) => unknownActions(i, limit)),
  },
  {
    on: 'envoy.extensions.filters.network.thrift_proxy.filters.header_to_metadata.v3.HeaderToMetadata.Rule',
    name: 'thrift-header-to-metadata',
    says: 'a rule has `on_present` or `on_missing`, and the latter a value',
    envoy: 'Cannot specify on_missing rule with empty value',
    find: (rule) => [
      ...when(!has(rule, 'on_present') && !has(rule, 'on_missing'), [], 'must have `on_present` or `on_missing`'),
      ...when(
        has(rule, 'on_missing') && (child(rule, 'on_missing').value ?? '') === '',
        ['on_missing', 'value'],
        'must not be empty',
      ),
    ],
  },
]

function unknownActions(i: number, limit: JsonObject): readonly Finding[] {
  return children(limit, 'actions').flatMap(([j, action]) =>
    Object.keys(action)
      .filter((kind) => !THRIFT_ACTIONS.includes(kind))
      .map((kind) =>
        finding(
          ['rate_limits', i, 'actions', j, kind],
          `must be one of ${THRIFT_ACTIONS.join(', ')} in a Thrift route`,
        ),
      ),
  )
}

function besides(message: JsonObject, field: string, others: readonly string[]): readonly Finding[] {
  const list = message[field]
  const isSet = has(message, field) && !(Array.isArray(list) && list.length === 0)
  return others.flatMap((other) => when(isSet && has(message, other), [other], `must not stand beside \`${field}\``))
}

function aggregated(discovery: JsonObject): readonly Finding[] {
  const source = child(discovery, 'config_source', 'api_config_source')
  const type = source.api_type
  return when(
    has(source, 'api_type') && type !== 'AGGREGATED_GRPC' && type !== 'AGGREGATED_DELTA_GRPC',
    ['config_source', 'api_config_source', 'api_type'],
    'must be AGGREGATED_GRPC or AGGREGATED_DELTA_GRPC',
  )
}
