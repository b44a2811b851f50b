import type { JsonObject } from '../walk.ts'
import { formatFindings } from './formats.ts'
import { type CppRule, child, children, type Finding, finding, has, when } from './rule.ts'

/** Rules of Redis' and ZooKeeper's filters. */
export const redisRules: readonly CppRule[] = [
  {
    on: 'envoy.extensions.filters.network.redis_proxy.v3.RedisProxy',
    name: 'redis-upstream',
    says: 'there is at least one route',
    envoy: 'cannot configure a redis-proxy without any upstream',
    find: (proxy) => {
      const routes = child(proxy, 'prefix_routes')
      const none = children(routes, 'routes').length === 0 && !has(routes, 'catch_all_route')
      return when(none, ['prefix_routes'], 'must have `catch_all_route` or at least one of `routes`')
    },
  },
  {
    on: 'envoy.extensions.filters.network.redis_proxy.v3.RedisProxy.PrefixRoutes',
    name: 'redis-prefix',
    says: 'no prefix stands twice (whatever the case of its ASCII letters, where `case_insensitive` is true)',
    envoy: 'prefix `a` already exists.',
    find: (table) => {
      const fold = (prefix: string): string =>
        table.case_insensitive === true ? prefix.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : prefix
      return repeated(table, 'routes', (route) => fold(String(route.prefix ?? '')), 'prefix')
    },
  },
  {
    on: 'envoy.extensions.filters.network.redis_proxy.v3.RedisProxy.PrefixRoutes.Route',
    name: 'redis-key-formatter',
    says: 'besides `%KEY%`, every % of `key_formatter` starts a command that Envoy knows, or is doubled: Envoy reads it when the first command comes, and dies of any other',
    envoy: 'Not supported field in StreamInfo: NOSUCH',
    isLate: true,
    // Envoy takes out each `%KEY%` before it looks for commands, wherever it stands (redis_proxy's router_impl.cc).
    find: ({ key_formatter: format }, range) =>
      typeof format === 'string' ? formatFindings(format.replaceAll('%KEY%', '~'), ['key_formatter'], range) : [],
  },
  {
    on: 'envoy.extensions.filters.network.zookeeper_proxy.v3.ZooKeeperProxy',
    name: 'zookeeper-opcode',
    says: 'no opcode stands twice in `latency_threshold_overrides`',
    envoy: 'Duplicated opcode find in config: 1',
    // `Connect` is the zero value: an absent opcode is that one.
    find: (proxy) => repeated(proxy, 'latency_threshold_overrides', (one) => String(one.opcode ?? 'Connect'), 'opcode'),
  },
]

function repeated(
  message: JsonObject,
  list: string,
  key: (item: JsonObject) => string,
  field: string,
): readonly Finding[] {
  const seen = new Set<string>()
  return children(message, list)
    .map(([i, item]) => [i, key(item)] as const)
    .filter(([, own]) => seen.size === seen.add(own).size)
    .map(([i, own]) => finding([list, i, field], `must be the only one: "${own}" stands there already`))
}
