import { type Feature, type L7Port, resultOf, type Upstream } from 'meltemi'
import { CARRIED } from './carried-settings.ts'
import type { LoadBalancer } from './kinds.ts'
import type { RedisContext } from './prepared.ts'
import { ownUpstream } from './routes.ts'
import { spreadOf } from './spread.ts'

const SCATTER = 'keys would scatter: the endpoints of Redis must be chosen by the hash of the key'

/** Settings of a DestinationRule that hold or not depending on what stands behind the port. */
export function objection(feature: Feature, port: L7Port, context: RedisContext): string | undefined {
  const setting = feature.name
    .replace('DestinationRule.subsets.trafficPolicy.', 'DestinationRule.trafficPolicy.')
    .replace('.portLevelSettings', '')
  const [, field] = /^DestinationRule\.trafficPolicy\.(.*)$/.exec(setting) ?? []
  if (field === undefined) return undefined
  const own = resultOf(ownUpstream(port, context))
  if (own === undefined) return undefined
  const { kind } = spreadOf(own, context)
  if (kind === 'cluster')
    return CARRIED.includes(field)
      ? undefined
      : 'a Redis Cluster (`mode: CLUSTER`) stands instead of the cluster that Istio would set it on'
  if (!field.startsWith('loadBalancer.')) return undefined
  const subset = subsetOf(feature, port, context)
  const spread = spreadOf(subset ?? own, context)
  if (spread.kind === 'merged')
    return field === 'loadBalancer.simple' ? SCATTER : otherHash(field, feature.value, spread.loadBalancer)
  // A subset that keys are sent to is an error of its route.
  return field === 'loadBalancer.simple' && subset === undefined && spread.kind === 'scattered' ? SCATTER : undefined
}

/** The cluster of the subset that a setting is about. */
function subsetOf({ place }: Feature, port: L7Port, context: RedisContext): Upstream | undefined {
  const subset = port.subsets.find(
    (one) => one.place.source.item === place.source.item && place.path.startsWith(`${one.place.path}.`),
  )
  if (subset === undefined) return undefined
  const found = context.resolve({
    place: subset.place,
    namespace: port.namespace,
    host: port.hostname,
    port: port.number,
    subset: subset.name,
    clients: port.clientNamespaces,
  })
  return resultOf(found)
}

/** A RedisDestination's load balancer is merged over the DestinationRule's. */
function otherHash(field: string, value: unknown, { maglev, ringHash }: LoadBalancer): string | undefined {
  const [, algorithm, size] =
    /^loadBalancer\.consistentHash\.(maglev|ringHash|minimumRingSize)(?:\.(.*))?$/.exec(field) ?? []
  if (algorithm === undefined) return undefined
  const isMaglev = algorithm === 'maglev'
  if (isMaglev !== (maglev !== undefined))
    return `the RedisDestination says \`${isMaglev ? 'ringHash' : 'maglev'}\`, which is merged over it`
  const wanted = isMaglev ? maglev?.tableSize : ringHash?.minimumRingSize
  const isSize = size !== undefined || algorithm === 'minimumRingSize'
  if (!isSize || wanted === undefined || Number(value) === wanted) return undefined
  return `the RedisDestination says ${wanted}, which is merged over it`
}
