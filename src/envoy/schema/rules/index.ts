import { clusterRules } from './cluster.ts'
import { coreRules } from './core.ts'
import { formatRules } from './formats.ts'
import { genericRules } from './generic.ts'
import { kafkaRules } from './kafka.ts'
import { l4Rules } from './l4.ts'
import { redisRules } from './redis.ts'
import { routeRules } from './routes.ts'
import type { CppRule } from './rule.ts'

export type { CppRule } from './rule.ts'

/** Every rule that Envoy checks in C++ and no descriptor shows. */
export function cppRules(): readonly CppRule[] {
  return [
    ...routeRules,
    ...redisRules,
    ...genericRules,
    ...kafkaRules,
    ...l4Rules,
    ...formatRules,
    ...coreRules,
    ...clusterRules,
  ]
}
