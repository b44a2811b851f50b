import { checkRegexes } from '../envoy/re2.ts'
import { type Emitted, emit } from '../envoyfilter/emit.ts'
import { isOwnedBy } from '../envoyfilter/owner.ts'
import type { Diagnostics } from '../krm/diagnostic.ts'
import { isOfNoKnownKind } from '../krm/objects.ts'
import { chain, diagnosticsOf, fail, map, type Outcome, resultOf, say } from '../krm/outcome.ts'
import { reconcile } from '../krm/reconcile.ts'
import type { Change, ResourceList } from '../krm/resource-list.ts'
import { bind } from '../mesh/bind.ts'
import type { Feature, L7Port, StringMatch } from '../mesh/l7-port.ts'
import { reportLoss } from '../mesh/loss.ts'
import type { MeshProfile } from '../mesh/profile.ts'
import { decodeMesh } from './decode-mesh.ts'
import type { Context, Listeners, Protocol } from './protocol.ts'
import { isOfKind, mayBeOfKind, strangers } from './reads.ts'
import { schemasOf } from './schemas-of.ts'
import { readSettings } from './settings.ts'
import { translate } from './translate.ts'

/** What a render did: the change to the list, and the plans behind it for people to read. */
export interface Rendering {
  readonly change: Change
  readonly emitted: readonly Emitted[]
  readonly profile: MeshProfile
}

/**
 * The whole function without its process: ResourceList -> Inputs -> L7Port[] -> FilterPlan[] -> EnvoyFilter[] -> Change.
 * Diagnostics gather beside the value; what is wrong with one object costs that object's filters and no other's.
 */
export async function render<Config>(list: ResourceList, protocol: Protocol<Config>): Promise<Outcome<Rendering>> {
  // Text that cannot be read may be a password's object, or an access rule's: nothing may be written as if it were none.
  if (list.refused.some(({ source, value }) => value === undefined && isOfNoKnownKind(source.ref))) return fail([])
  const decoded = decodeMesh(list, protocol)
  const inputs = resultOf(decoded)
  if (inputs === undefined) return fail(diagnosticsOf(decoded))
  const settings = readSettings(list, inputs.meshProfiles, protocol)
  const set = resultOf(settings)
  const before = [...diagnosticsOf(decoded), ...diagnosticsOf(settings)]
  if (set === undefined) return fail(before)
  const bound = bind(inputs, set.profile, protocol)
  const listeners = resultOf(bound)
  if (listeners === undefined) return fail([...before, ...diagnosticsOf(bound)])
  const unprepared = { ...set, ...ownObjects(list, protocol), resolve: listeners.resolve, prepared: undefined }
  const context: Context<Config> = { ...unprepared, prepared: protocol.prepare?.(listeners, unprepared) }
  const plans = translate(listeners, context, protocol)
  const schemas = schemasOf(protocol, set.profile.istioVersions)
  const refused = await checkRegexes(regexes(listeners), schemas.minors)
  const refusedRegexes = new Set(refused.map(({ currentValue }) => String(currentValue)))
  const emission = { protocol: protocol.name, ...set, schemas: { ...schemas, refusedRegexes } }
  const emitted = say(await emit(resultOf(plans) ?? [], emission), diagnosticsOf(plans))
  const rendering = chain(emitted, (value) => reconciled(list, protocol, set.profile, value))
  return say(rendering, [
    ...before,
    ...strangers(list, protocol),
    ...diagnosticsOf(bound),
    ...(protocol.wantsInbound?.(context) === true ? listeners.inboundDiagnostics : []),
    ...lost(listeners, context, protocol),
    ...refused,
    ...(protocol.remarks?.(listeners, context) ?? []),
  ])
}

function reconciled<Config>(
  list: ResourceList,
  { name }: Protocol<Config>,
  profile: MeshProfile,
  emitted: readonly Emitted[],
): Outcome<Rendering> {
  const filters = emitted.map(({ filter }) => filter)
  return map(
    reconcile(list, (object) => isOwnedBy(name, object), filters),
    (change) => ({ change, emitted, profile }),
  )
}

function ownObjects<Config>(
  { objects, refused }: ResourceList,
  { kinds = [] }: Protocol<Config>,
): Pick<ResourceList, 'objects' | 'refused'> {
  return {
    objects: objects.filter(({ value }) => kinds.some((kind) => isOfKind(value, kind))),
    refused: refused.filter(({ source }) => kinds.some((kind) => mayBeOfKind(source.ref, kind))),
  }
}

function lost<Config>(listeners: Listeners, context: Context<Config>, protocol: Protocol<Config>): Diagnostics {
  const { name, supports, reasons = {}, replacesTcpProxy } = protocol
  const objection = (feature: Feature, port: L7Port) => protocol.objection?.(feature, port, context)
  const abilities = { name, supports, reasons, replacesTcpProxy, objection }
  return allPorts(listeners).flatMap((port) => reportLoss(port, abilities, context.profile.unsupported))
}

function regexes(listeners: Listeners): readonly StringMatch[] {
  return allPorts(listeners).flatMap(({ routes }) =>
    routes.flatMap(({ matches }) =>
      matches.flatMap(({ method, headers, withoutHeaders }) => {
        const values = [...headers, ...withoutHeaders].map(({ value }) => value)
        return [method, ...values].filter((match) => match !== undefined)
      }),
    ),
  )
}

function allPorts({ outbound }: Listeners): readonly L7Port[] {
  return outbound.flatMap(({ ports }) => ports)
}
