import { below, error, fail, type Outcome, ok, type Place, remark, warning } from 'meltemi'
import { both } from './both.ts'
import { duration, optionalDuration } from './durations.ts'
import { present } from './fields.ts'
import type { ProxySettings } from './kinds.ts'
import { since138 } from './minors.ts'
import type { RedisContext } from './prepared.ts'

/** Envoy's RedisProxy.ConnPoolSettings. */
export interface PoolSettings {
  readonly op_timeout: string
  readonly [field: string]: unknown
}

/** What is known of a port beside the RedisService's `settings`. */
export interface PoolSite {
  /** Of `settings`; where there are none, of whatever they would stand in. */
  readonly place: Place
  /** From a VirtualService. */
  readonly opTimeout?: string
  /** Whether some keys go to a real Redis Cluster. */
  readonly hasCluster: boolean
}

export function poolSettings(
  settings: ProxySettings,
  { place, opTimeout, hasCluster }: PoolSite,
  context: RedisContext,
): Outcome<PoolSettings> {
  const fallback = defaultOpTimeout(context)
  const own = optionalDuration(settings.opTimeout, below(place, 'opTimeout'))
  const flush = optionalDuration(settings.bufferFlushTimeout, below(place, 'bufferFlushTimeout'))
  const times = both(
    both(own, fallback, (said, otherwise) => said ?? opTimeout ?? otherwise),
    flush,
    (timeout, wait) => ({ timeout, wait }),
  )
  return both(times, readPolicy(settings, place, hasCluster, context), ({ timeout, wait }, policy) => ({
    op_timeout: timeout,
    ...present({
      // Keys with one tag in braces belong together: users of a cluster have it anyway, and elsewhere it must be asked for.
      enable_hashtagging: settings.enableHashtagging === true ? true : undefined,
      enable_redirection: redirects(settings, hasCluster) ? true : undefined,
      dns_cache_config: settings.redirectToHostnames === true ? DNS_CACHE : undefined,
      max_buffer_size_before_flush: settings.maxBufferSizeBeforeFlush,
      buffer_flush_timeout: wait,
      max_upstream_unknown_connections: settings.maxUpstreamUnknownConnections,
      enable_command_stats: settings.enableCommandStats === true ? true : undefined,
      read_policy: policy,
      connection_rate_limit:
        settings.connectionRateLimit === undefined
          ? undefined
          : { connection_rate_limit_per_sec: settings.connectionRateLimit },
    }),
  }))
}

/** What the functionConfig says for all services. */
export function defaultOpTimeout({ config, configPlace }: RedisContext): Outcome<string> {
  return config.opTimeout === undefined || configPlace === undefined
    ? ok('60s')
    : duration(config.opTimeout, below(configPlace, 'opTimeout'))
}

/** The same everywhere: Envoy refuses two caches of one name and other settings. */
const DNS_CACHE = { name: 'meltemi_redis', dns_lookup_family: 'V4_PREFERRED' } as const

/** While slots move, a node of a cluster answers MOVED or ASK, which clients that know no cluster cannot follow. */
function redirects({ enableRedirection, redirectToHostnames }: ProxySettings, hasCluster: boolean): boolean {
  return enableRedirection ?? (hasCluster || redirectToHostnames === true)
}

/** MASTER is the zero. Envoy asks nobody but a Redis Cluster which of its nodes are replicas. */
function readPolicy(
  { readPolicy: policy }: ProxySettings,
  place: Place,
  hasCluster: boolean,
  { profile }: RedisContext,
): Outcome<string | undefined> {
  if (policy === undefined || policy === 'MASTER') return ok(undefined)
  const here = below(place, 'readPolicy')
  const gate = policy.startsWith('LOCAL_ZONE') ? since138(`\`${policy}\``, here, profile) : ok(undefined)
  const said = hasCluster
    ? []
    : [
        warning(
          here,
          'has no effect: only a Redis Cluster (RedisDestination with `mode: CLUSTER`) says which of its nodes are replicas; `readRoute` sends reads elsewhere',
          { currentValue: policy },
        ),
      ]
  return both(gate, remark(policy, said), (_, value) => value)
}

/** Redirections to host names need redirections. */
export function checkRedirection(
  { enableRedirection, redirectToHostnames }: ProxySettings,
  place: Place,
): Outcome<undefined> {
  if (redirectToHostnames !== true || enableRedirection !== false) return ok(undefined)
  return fail([error(below(place, 'redirectToHostnames'), 'must not stand beside `enableRedirection: false`')])
}
