import validateEnvoyFilter from '../../schemas/generated/envoy-filter.js'
import { checkRegexes } from '../envoy/re2.ts'
import { type Emitted, emit } from '../envoyfilter/emit.ts'
import type { FilterPlan, Plan } from '../envoyfilter/filter-plan.ts'
import { isOwnedBy } from '../envoyfilter/owner.ts'
import { decode } from '../istio/decode.ts'
import { type Diagnostics, error } from '../krm/diagnostic.ts'
import { describe, type KubernetesObject, type Place, type Sourced } from '../krm/object.ts'
import { chain, collect, diagnosticsOf, fail, map, type Outcome, ok, remark, resultOf, say } from '../krm/outcome.ts'
import { reconcile } from '../krm/reconcile.ts'
import type { Change, ResourceList } from '../krm/resource-list.ts'
import { bind } from '../mesh/bind.ts'
import type { L7Port, StringMatch } from '../mesh/l7-port.ts'
import { reportLoss } from '../mesh/loss.ts'
import type { Context, Listeners, Protocol } from './protocol.ts'
import { readSettings, type Settings } from './settings.ts'

/** What a render did: the change to the list, and the plans behind it for people to read. */
export interface Rendering {
  readonly change: Change
  readonly emitted: readonly Emitted[]
}

/**
 * The whole function without its process: ResourceList -> Inputs -> L7Port[] -> FilterPlan[] -> EnvoyFilter[] -> Change.
 * Diagnostics gather beside the value; what is wrong with one object costs that object's filters and no other's.
 */
export async function render<Config>(list: ResourceList, protocol: Protocol<Config>): Promise<Outcome<Rendering>> {
  const objects = readObjects(list)
  const decoded = chain(objects, decode)
  const inputs = resultOf(decoded)
  if (inputs === undefined) return fail(diagnosticsOf(decoded))
  const settings = readSettings(list, inputs.meshProfiles, protocol)
  const set = resultOf(settings)
  const before = [...diagnosticsOf(decoded), ...diagnosticsOf(settings)]
  if (set === undefined) return fail(before)
  const context = { ...set, objects: ownObjects(resultOf(objects) ?? [], protocol) }
  const bound = bind(inputs, set.profile, protocol)
  const listeners = resultOf(bound) ?? { outbound: [], inbound: [] }
  const checked = [...diagnosticsOf(bound), ...lost(listeners, context, protocol), ...(await checkRegexes(regexes(listeners)))]
  const plans = translate(listeners, context, protocol)
  const emitted = chain(plans, (value) => emit(value, emission(protocol, set)))
  const remarks = listeners.outbound.length === 0 && context.objects.length === 0 ? [] : (protocol.remarks?.(listeners, context) ?? [])
  const rendering = chain(emitted, (value) => reconciled(list, protocol, value))
  return say(rendering, [...before, ...checked, ...remarks])
}
