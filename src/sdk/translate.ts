import type { FilterPlan, Plan } from '../envoyfilter/filter-plan.ts'
import { type Diagnostic, error } from '../krm/diagnostic.ts'
import { describe } from '../krm/object.ts'
import { collect, diagnosticsOf, fail, isFailure, map, type Outcome, ok, remark, resultOf } from '../krm/outcome.ts'
import type { InboundListener, OutboundListener } from '../mesh/l7-port.ts'
import type { IstioMinor } from '../mesh/profile.ts'
import type { Context, Listeners, Protocol } from './protocol.ts'

/** Every listener in the protocol's words. What is wrong with one costs that one's filter and no other's. */
export function translate<Config>(
  listeners: Listeners,
  context: Context<Config>,
  protocol: Protocol<Config>,
): Outcome<readonly FilterPlan[]> {
  const outbound = collect(listeners.outbound, (listener) =>
    map(
      translateOne(listener, context, protocol, (release) => protocol.outbound(listener, release)),
      (variants) => variants.map((variant): FilterPlan => ({ direction: 'outbound', listener, ...variant })),
    ),
  )
  const inbound = collect(listeners.inbound, (listener) =>
    map(
      translateOne(listener, context, protocol, (release) => protocol.inbound?.(listener, release) ?? ok(undefined)),
      (variants) => variants.map((variant): FilterPlan => ({ direction: 'inbound', listener, ...variant })),
    ),
  )
  const plans = [...(resultOf(outbound) ?? []), ...(resultOf(inbound) ?? [])].flat()
  return remark(plans, [...diagnosticsOf(outbound), ...diagnosticsOf(inbound)])
}

/** A plan and the releases it is for; without `releases`, all of the range. */
interface Variant {
  readonly plan: Plan
  readonly releases?: readonly IstioMinor[]
}

/**
 * One plan for the whole range, or, where the protocol says that releases differ and they do, one for each group of releases that
 * want the same. The groups are disjoint and together the range, so that a mesh in the middle of an upgrade is right on both sides.
 */
function translateOne<Config>(
  listener: OutboundListener | InboundListener,
  context: Context<Config>,
  protocol: Protocol<Config>,
  planFor: (context: Context<Config>) => Outcome<Plan | undefined>,
): Outcome<readonly Variant[]> {
  const { istioVersions } = context.profile
  const guarded = (release: Context<Config>) => orBug(listener, () => planFor(release))
  if (protocol.variesByRelease !== true || istioVersions.length < 2)
    return map(guarded(context), (plan) => (plan === undefined ? [] : [{ plan }]))
  const groups = new Map<string, { readonly plan: Plan; readonly releases: IstioMinor[] }>()
  const diagnostics = new Map<string, Diagnostic>()
  for (const release of istioVersions) {
    const outcome = guarded({ ...context, profile: { ...context.profile, istioVersions: [release] } })
    for (const one of diagnosticsOf(outcome)) diagnostics.set(JSON.stringify(one), one)
    const plan = resultOf(outcome)
    // A release without a plan would be left on plain TCP while its neighbours are not: all or none.
    if (plan === undefined) {
      const said = [...diagnostics.values()]
      return isFailure(outcome) ? fail(said) : remark([], said)
    }
    const key = JSON.stringify(plan)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { plan, releases: [release] })
    else group.releases.push(release)
  }
  const variants = [...groups.values()]
  return remark(variants.length === 1 ? variants.map(({ plan }) => ({ plan })) : variants, [...diagnostics.values()])
}

/** An exception in a protocol is a bug, and says so with the object in hand; it costs that object's filter and no other. */
function orBug<A>(listener: OutboundListener | InboundListener, planOne: () => Outcome<A>): Outcome<A> {
  try {
    return planOne()
  } catch (thrown) {
    const { place } = listener.ports[0]
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    const message = `this is a bug in meltemi, please report it: translating ${describe(place.source.ref)} threw "${reason}"`
    return fail([error(place, message)])
  }
}
