import { below, map, type Outcome, ok, type Place, typeUrl } from 'meltemi'
import { both } from './both.ts'
import { duration } from './durations.ts'
import type { HealthCheck } from './kinds.ts'

const HEALTH_CHECKER_TYPE = typeUrl('envoy.extensions.health_checkers.redis.v3.Redis')

/** Envoy's `core.v3.HealthCheck` with the checker that speaks Redis. */
export interface RedisHealthCheck {
  readonly timeout: string
  readonly interval: string
  readonly unhealthy_threshold: number
  readonly healthy_threshold: number
  readonly custom_health_check: {
    readonly name: 'envoy.health_checkers.redis'
    readonly typed_config: { readonly '@type': string; readonly key?: string }
  }
}

/** `place` is that of `healthCheck`. PING, or EXISTS of `key`, whose presence marks an endpoint as not to be used. */
export function healthCheck(check: HealthCheck, place: Place): Outcome<RedisHealthCheck> {
  const { unhealthyThreshold = 3, healthyThreshold = 1, key } = check
  const timeout = check.timeout === undefined ? ok('1s') : duration(check.timeout, below(place, 'timeout'))
  const interval = check.interval === undefined ? ok('10s') : duration(check.interval, below(place, 'interval'))
  return map(
    both(timeout, interval, (wait, every) => ({ timeout: wait, interval: every })),
    (times) => ({
      ...times,
      unhealthy_threshold: unhealthyThreshold,
      healthy_threshold: healthyThreshold,
      custom_health_check: {
        name: 'envoy.health_checkers.redis',
        typed_config: { '@type': HEALTH_CHECKER_TYPE, ...(key === undefined ? {} : { key }) },
      },
    }),
  )
}
