import type { TrafficPolicy } from '../istio/destination-rule.ts'
import { at, below, type Place } from '../krm/object.ts'
import type { Policies } from './policies.ts'

/** One of the parts of a DestinationRule's `trafficPolicy` (`loadBalancer`, `tls`, ...), as it is written. */
export interface PolicyPart {
  readonly value: unknown
  readonly place: Place
}

export type PolicyParts = Readonly<Record<string, PolicyPart>>

/** Parts that settings for a port replace as a whole, defaults included (pilot `MergeTrafficPolicy`). */
const byPort: readonly string[] = ['connectionPool', 'loadBalancer', 'outlierDetection', 'tls']

/**
 * What Istio applies to one cluster: the policy of the host, over it that of the subset, part by part; settings for the
 * port stand instead of either. Of several rules for one host the first that has a policy is taken.
 */
export function policyParts({ rules }: Policies, port: number, subset: string | undefined): PolicyParts {
  const general = rules.find(({ value }) => value.spec.trafficPolicy !== undefined)
  const host =
    general === undefined
      ? {}
      : over({}, general.value.spec.trafficPolicy, at(general.source, 'spec.trafficPolicy'), port)
  if (subset === undefined) return host
  for (const { value, source } of rules) {
    for (const [i, one] of (value.spec.subsets ?? []).entries())
      if (one.name === subset)
        return over(host, one.trafficPolicy, at(source, `spec.subsets[${i}].trafficPolicy`), port)
  }
  return host
}

function over(base: PolicyParts, policy: TrafficPolicy | undefined, place: Place, port: number): PolicyParts {
  if (policy === undefined) return base
  const { portLevelSettings = [], ...general } = policy
  const merged = { ...base, ...parts(general, place) }
  const own = portLevelSettings.findIndex((settings) => settings.port.number === port)
  const settings = portLevelSettings[own]
  if (settings === undefined) return merged
  const { port: _, ...fields } = settings
  const kept = Object.entries(merged).filter(([name]) => !byPort.includes(name))
  return { ...Object.fromEntries(kept), ...parts(fields, below(below(place, 'portLevelSettings'), own)) }
}

function parts(fields: object, place: Place): PolicyParts {
  const written = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(written.map(([name, value]) => [name, { value, place: below(place, name) }]))
}
