import { type NetworkFilter, type RuntimeFractionalPercent, typeUrl, type Upstream } from 'meltemi'
import { commandNames } from './commands.ts'
import type { Credentials } from './credentials.ts'
import type { RedisFault } from './faults.ts'
import type { ProxySettings } from './kinds.ts'
import type { PoolSettings } from './pool-settings.ts'
import type { Destinations, Mirror, RouteTable } from './routes.ts'

export const REDIS_PROXY_TYPE = typeUrl('envoy.extensions.filters.network.redis_proxy.v3.RedisProxy')

/** What redis_proxy is made of, in our words. */
export interface ProxyParts {
  readonly statPrefix: string
  readonly pool: PoolSettings
  readonly table: RouteTable
  readonly clusterOf: (upstream: Upstream) => string
  readonly settings: ProxySettings
  readonly faults: readonly RedisFault[]
  /** What clients must say. */
  readonly credentials?: Credentials
}

export function redisProxy(parts: ProxyParts): NetworkFilter {
  const { statPrefix, pool, settings, faults, credentials } = parts
  const { latencyInMicros, customCommands } = settings
  const commands = commandNames(customCommands ?? [])
  return {
    name: 'envoy.filters.network.redis_proxy',
    typed_config: {
      '@type': REDIS_PROXY_TYPE,
      stat_prefix: statPrefix,
      ...(latencyInMicros === true ? { latency_in_micros: true } : {}),
      settings: pool,
      prefix_routes: prefixRoutes(parts),
      ...(faults.length === 0 ? {} : { faults }),
      ...(credentials?.username === undefined ? {} : { downstream_auth_username: credentials.username }),
      ...(credentials === undefined ? {} : { downstream_auth_passwords: [credentials.password] }),
      ...(commands.length === 0 ? {} : { custom_commands: commands }),
    },
  }
}

function prefixRoutes({ table: { prefixes, catchAll }, settings: { caseInsensitive }, clusterOf }: ProxyParts) {
  const routes = prefixes.map(({ prefix, removePrefix, to }) => ({
    prefix,
    ...(removePrefix ? { remove_prefix: true } : {}),
    ...route(to, clusterOf),
  }))
  return {
    ...(routes.length === 0 ? {} : { routes }),
    ...(caseInsensitive === true ? { case_insensitive: true } : {}),
    ...(catchAll === undefined ? {} : { catch_all_route: route(catchAll, clusterOf) }),
  }
}

function route({ upstream, mirrors, keyFormatter, reads }: Destinations, clusterOf: ProxyParts['clusterOf']) {
  return {
    cluster: clusterOf(upstream),
    ...(keyFormatter === undefined ? {} : { key_formatter: keyFormatter }),
    ...(reads === undefined ? {} : { read_command_policy: { cluster: clusterOf(reads.upstream) } }),
    ...(mirrors.length === 0
      ? {}
      : { request_mirror_policy: mirrors.map((mirror) => mirrorPolicy(mirror, clusterOf)) }),
  }
}

interface MirrorPolicy {
  readonly cluster: string
  readonly runtime_fraction?: RuntimeFractionalPercent
  readonly exclude_read_commands?: true
}

function mirrorPolicy(
  { upstream, fraction, excludeReadCommands }: Mirror,
  clusterOf: ProxyParts['clusterOf'],
): MirrorPolicy {
  return {
    cluster: clusterOf(upstream),
    ...(fraction === undefined ? {} : { runtime_fraction: fraction }),
    ...(excludeReadCommands ? { exclude_read_commands: true } : {}),
  }
}
