import { seconds } from '../duration.ts'
import type { JsonObject } from '../walk.ts'
import { type CppRule, child, type Finding, has, when } from './rule.ts'

const TCP = 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy'

/** Rules of the filters that know nothing above TCP. */
export const l4Rules: readonly CppRule[] = [
  {
    on: TCP,
    name: 'tcp-access-log-options',
    says: '`access_log_options` stands without the two older fields',
    envoy: 'Only one of access_log_flush_interval or access_log_options can be specified.',
    find: (proxy) =>
      ['access_log_flush_interval', 'flush_access_log_on_connected'].flatMap((older) =>
        when(
          has(proxy, 'access_log_options') && isSet(proxy, older),
          [older],
          'must not stand beside `access_log_options`',
        ),
      ),
  },
  {
    on: TCP,
    name: 'tcp-early-data',
    says: '`max_early_data_bytes` is set where `upstream_connect_mode` is not IMMEDIATE',
    envoy: 'max_early_data_bytes must be set when upstream_connect_mode is not IMMEDIATE',
    find: (proxy) =>
      when(
        (proxy.upstream_connect_mode ?? 'IMMEDIATE') !== 'IMMEDIATE' && !has(proxy, 'max_early_data_bytes'),
        [],
        'must have `max_early_data_bytes` where `upstream_connect_mode` is not IMMEDIATE',
      ),
  },
  {
    on: 'envoy.config.core.v3.BackoffStrategy',
    name: 'backoff',
    says: '`max_interval` is at least `base_interval`',
    envoy: 'max_backoff_interval must be greater or equal to base_backoff_interval',
    find: ({ base_interval: base, max_interval: max }) =>
      when(
        typeof base === 'string' && typeof max === 'string' && seconds(max) < seconds(base),
        ['max_interval'],
        `must be at least \`base_interval\`, ${base}`,
      ),
  },
  {
    on: 'envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit',
    name: 'local-rate-limit-interval',
    says: '`token_bucket.fill_interval` is at least 0.05s',
    envoy: 'local rate limit token bucket fill timer must be >= 50ms',
    find: (limit) => {
      const interval = child(limit, 'token_bucket').fill_interval
      return when(
        typeof interval === 'string' && seconds(interval) < 0.05,
        ['token_bucket', 'fill_interval'],
        'must be at least 0.05s',
      )
    },
  },
  {
    on: 'envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit',
    name: 'connection-limit',
    says: '`max_connections` is set',
    envoy: "Field 'max_connections' is missing in",
    find: (limit) => when(!has(limit, 'max_connections'), [], 'must have `max_connections`'),
  },
  {
    on: 'envoy.config.rbac.v3.Permission',
    name: 'rbac-tcp',
    says: 'rules of the network filter look at no HTTP header or path',
    envoy: 'Found header(',
    find: (permission) => httpOnly(permission, ['header', 'url_path']),
  },
  {
    on: 'envoy.config.rbac.v3.Principal',
    name: 'rbac-tcp',
    says: 'rules of the network filter look at no HTTP header or path',
    envoy: 'Found header(',
    find: (principal) => httpOnly(principal, ['header', 'url_path']),
  },
  {
    // Used for ports only, in what the schema reaches.
    on: 'envoy.type.v3.Int32Range',
    name: 'rbac-port-range',
    says: 'a port range lies in 0 to 65536 and ends after its start (it does not hold its end)',
    envoy: 'range start 10 cannot be greater or equal than range end 5',
    find: ({ start = 0, end = 0 }) => [
      ...when(Number(start) < 0, ['start'], 'must be at least 0'),
      ...when(Number(end) > 65_536, ['end'], 'must be at most 65536, which is not in the range'),
      ...when(Number(start) >= Number(end), ['end'], `must be greater than \`start\`, ${start}`),
    ],
  },
]

function isSet(message: JsonObject, field: string): boolean {
  return has(message, field) && message[field] !== false
}

function httpOnly(rule: JsonObject, kinds: readonly string[]): readonly Finding[] {
  return kinds.flatMap((kind) => when(has(rule, kind), [kind], 'must not be used: a network filter sees no HTTP'))
}
