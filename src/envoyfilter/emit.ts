import { envoyMinors } from '../envoy/schema/index.ts'
import { compare } from '../krm/compare.ts'
import { error } from '../krm/diagnostic.ts'
import { INDEX_ANNOTATION, PATH_ANNOTATION } from '../krm/host-annotations.ts'
import { chain, collect, fail, map, type Outcome, ok } from '../krm/outcome.ts'
import type { MeshProfile } from '../mesh/profile.ts'
import type { EnvoyFilter } from './envoy-filter.ts'
import { type FilterPlan, leadPort } from './filter-plan.ts'
import { objectName } from './name.ts'
import { ownerLabels, SOURCE_ANNOTATION } from './owner.ts'
import { patches } from './patches.ts'
import { type Schemas, validate } from './validate.ts'

/** What `emit` needs besides the plans. */
export interface Emission {
  readonly protocol: string
  readonly profile: MeshProfile
  readonly schemas: Schemas
  /** The folder, relative to the package, that the written files go to. */
  readonly directory: string
}

/** An EnvoyFilter and the plan it says. */
export interface Emitted {
  readonly plan: FilterPlan
  readonly filter: EnvoyFilter
}

/**
 * Plans in Istio's words: one EnvoyFilter for each plan and namespace, sorted by namespace and name. A plan whose
 * EnvoyFilter breaks a schema fails alone, with an error at the port that asked for it.
 */
export async function emit(plans: readonly FilterPlan[], emission: Emission): Promise<Outcome<readonly Emitted[]>> {
  const outcomes: Outcome<Emitted>[] = []
  for (const plan of plans) {
    for (const namespace of namespaces(plan)) outcomes.push(await emitInto(namespace, plan, emission))
  }
  return chain(
    map(
      collect(outcomes, (outcome) => outcome),
      sorted,
    ),
    refuseTwins,
  )
}

function namespaces(plan: FilterPlan): readonly string[] {
  // A patch reaches the proxies of its own namespace only, or every proxy from the root namespace (pilot, EnvoyFilters).
  return plan.direction === 'outbound' ? plan.listener.clientNamespaces : [plan.listener.namespace]
}

async function emitInto(namespace: string, plan: FilterPlan, emission: Emission): Promise<Outcome<Emitted>> {
  const filter = envoyFilter(namespace, plan, emission)
  const minors = plan.releases === undefined ? emission.schemas.minors : envoyMinors(plan.releases)
  return map(await validate(filter, leadPort(plan).place, { ...emission.schemas, minors }), () => ({ plan, filter }))
}

function envoyFilter(namespace: string, plan: FilterPlan, emission: Emission): EnvoyFilter {
  const name = planName(plan, emission.protocol)
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: {
      name,
      namespace,
      labels: ownerLabels(emission.protocol),
      annotations: {
        [SOURCE_ANNOTATION]: sources(plan),
        // istioctl analyze says of every EnvoyFilter that it "exposes internal implementation details".
        'galley.istio.io/analyze-suppress': 'IST0133',
        [PATH_ANNOTATION]: `${emission.directory}/${namespace}/envoyfilter_${name}.yaml`,
        [INDEX_ANNOTATION]: '0',
      },
    },
    spec: {
      priority: emission.profile.priority,
      ...workloadSelector(plan),
      configPatches: patches(plan, emission.profile),
    },
  }
}

/** One for all patches: who gets a filter gets the clusters that it needs, and nobody else does. */
function workloadSelector(plan: FilterPlan): Pick<EnvoyFilter['spec'], 'workloadSelector'> {
  const { requiredLabels } = plan.plan
  if (plan.direction === 'inbound')
    return { workloadSelector: { labels: { ...plan.listener.selector, ...requiredLabels } } }
  return requiredLabels === undefined ? {} : { workloadSelector: { labels: requiredLabels } }
}

function planName(plan: FilterPlan, protocol: string): string {
  const lead = leadPort(plan)
  const { releases = [] } = plan
  const suffix = releases.map((release) => `|${release}`).join('')
  if (plan.direction === 'outbound') {
    // Of every port: a service may stand alone at one of its addresses and share another, in two filters of one lead.
    const ports = plan.listener.ports.map(({ hostname, number }) => `${hostname}|${number}`)
    const identity = `${protocol}|outbound|${ports.join('|')}`
    return objectName(
      [protocol, 'outbound', lead.place.source.ref.name, String(lead.number), ...releases],
      identity + suffix,
    )
  }
  const { containerPort, selector, namespace } = plan.listener
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`)
  const identity = `${protocol}|inbound|${namespace}|${labels.sort(compare).join(',')}|${containerPort}`
  return objectName(
    [protocol, 'inbound', lead.place.source.ref.name, String(containerPort), ...releases],
    identity + suffix,
  )
}

function sources(plan: FilterPlan): string {
  const refs = plan.listener.ports.map(({ place, namespace }) => {
    const { apiVersion, kind, name } = place.source.ref
    return `${apiVersion}/${kind}/${namespace}/${name}`
  })
  return [...new Set(refs)].sort(compare).join(', ')
}

function sorted(emitted: readonly Emitted[]): readonly Emitted[] {
  return emitted.toSorted((a, b) => compare(key(a), key(b)))
}

function key({ filter }: Emitted): string {
  return `${filter.metadata.namespace}/${filter.metadata.name}`
}

/** Two plans under one name would overwrite each other in the cluster. */
function refuseTwins(emitted: readonly Emitted[]): Outcome<readonly Emitted[]> {
  const seen = new Map<string, Emitted>()
  return collect(emitted, (one) => {
    const twin = seen.get(key(one))
    seen.set(key(one), one)
    if (twin === undefined) return ok(one)
    const first = leadPort(twin.plan)
    const message = `makes an EnvoyFilter of the same name as ${first.hostname}:${first.number} (\`${key(one)}\`); rename one of the two`
    return fail([error(leadPort(one.plan).place, message)])
  })
}
