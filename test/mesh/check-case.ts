import type { KubernetesObject } from '../../src/krm/object.ts'
import type { Case } from './cases.ts'
import { admissionFindings } from './checks/admission.ts'
import { coverageFindings } from './checks/coverage.ts'
import { type Effect, effects } from './checks/effects.ts'
import type { Finding } from './checks/finding.ts'
import { foreignFindings } from './checks/foreign.ts'
import { reason } from './checks/reason.ts'
import { clustersNamed, shapeFindings } from './checks/shape.ts'
import { type Snapshot, snapshot } from './checks/snapshot.ts'
import { inIstiodOrder, step } from './checks/steps.ts'
import type { ControlPlane, JsonObject, MeshInput, MeshProxy, Resource } from './control-plane.ts'
import { canonical, textAt } from './json.ts'
import { type ClusterView, clusterView } from './view/cluster-view.ts'
import { named, namespaceOf } from './view/manifest.ts'
import { type ViewProfile, viewProfile } from './view/mesh-profile.ts'
import { requiredLabels } from './view/required-labels.ts'

/** What istiod makes of a case, and what is wrong with it. */
export interface Translation {
  readonly findings: readonly Finding[]
  /** Manifests that Istio's admission keeps out, so that they have no part in this. */
  readonly refused: readonly string[]
  readonly effects: readonly Effect[]
  readonly profile: ViewProfile
  readonly view: ClusterView
  /** The whole mesh with the filters, for Envoys to load. */
  readonly mesh: MeshInput
  /** Proxies that together hold every resource that the filters changed, as few as possible. */
  readonly changed: readonly MeshProxy[]
  /** Everything that the filters changed, as istiod sends it with and without them. */
  readonly differences: readonly Difference[]
}

export interface Difference extends Pick<Resource, 'proxy' | 'kind' | 'name'> {
  readonly without: JsonObject | null
  readonly with: JsonObject | null
}

/** Which Istio the proxies of the view say they are, unless asked otherwise: the newest that is proven. */
const NEWEST = '1.31'

/** Puts a case through Istio: its admission, its translation, and everything that can be said of the result. */
export async function translate(one: Case, controlPlane: ControlPlane, istio: string = NEWEST): Promise<Translation> {
  const profile = viewProfile(
    one.manifests.find(({ kind, apiVersion }) => kind === 'MeshProfile' && apiVersion.startsWith('meltemi.dev/')),
    one.functionConfig,
  )
  const filters = inDomain(one.filters, profile)
  const view = clusterView([...one.overlay, ...inDomain(one.manifests, profile)], {
    profile,
    protocols: one.protocol === undefined ? [] : [one.protocol],
    clientNamespaces: filters.map(namespaceOf),
    clientLabels: requiredLabels(filters),
    istioVersion: `${istio}.0`,
    populated: true,
  })
  const mesh = { rootNamespace: profile.rootNamespace, autoMtls: true, objects: view.objects }
  const patches = inIstiodOrder(filters, profile.rootNamespace)
  const steps = patches.map(step)
  const explanation = await controlPlane.explain({ ...mesh, steps, validate: filters, proxies: view.proxies })
  const all = effects(patches, explanation)
  const before = snapshot(explanation.base)
  const after = all.at(-1)?.after ?? before
  const called = clustersNamed(all)
  return {
    findings: [
      ...admissionFindings(filters, explanation),
      ...effectFindings(all, { proxies: view.proxies, rootNamespace: profile.rootNamespace }),
      ...foreignFindings(before, after, { asked: view.asked, proxies: view.proxies, called }),
      ...shapeFindings(all),
      ...coverageFindings(view.asked, before, after, one.explained),
    ],
    refused: explanation.refused,
    effects: all,
    profile,
    view,
    mesh: { ...mesh, objects: [...view.objects, ...filters] },
    changed: representatives(before, after, view.proxies),
    differences: differences(before, after),
  }
}

function effectFindings(all: readonly Effect[], scene: Parameters<typeof reason>[1]): readonly Finding[] {
  return all
    .filter((effect) => effect.changes.length === 0 && !isAgain(effect, all))
    .map(({ patch, before }) => ({
      check: 'effect',
      message: `${named(patch.filter)} patch ${patch.index} matches nothing, which Istio ignores in silence: ${reason(patch, scene, before)}`,
    }))
}

/** Two services that share a destination both say how its cluster must be: the second MERGE is no mistake. */
function isAgain({ patch }: Effect, all: readonly Effect[]): boolean {
  const isMerge = textAt(patch.value, 'applyTo') === 'CLUSTER' && textAt(patch.value, 'patch', 'operation') === 'MERGE'
  return (
    isMerge && all.some((other) => other.changes.length > 0 && canonical(other.patch.value) === canonical(patch.value))
  )
}

/** istiod's fake API server knows one domain only; a case of another is moved into it. */
function inDomain(objects: readonly KubernetesObject[], { clusterDomain }: ViewProfile): readonly KubernetesObject[] {
  if (clusterDomain === 'cluster.local') return objects
  const moved: readonly KubernetesObject[] = JSON.parse(
    JSON.stringify(objects).replaceAll(`.svc.${clusterDomain}`, '.svc.cluster.local'),
  )
  return moved
}

function differences(before: Snapshot, after: Snapshot): readonly Difference[] {
  return [...new Map([...before, ...after]).entries()].flatMap(([key, { proxy, kind, name }]) => {
    const [was, now] = [before.get(key)?.value ?? null, after.get(key)?.value ?? null]
    return canonical(was) === canonical(now) ? [] : [{ proxy, kind, name, without: was, with: now }]
  })
}

function representatives(before: Snapshot, after: Snapshot, proxies: readonly MeshProxy[]): readonly MeshProxy[] {
  const changes = new Map<string, Set<string>>(proxies.map(({ id }) => [id, new Set<string>()]))
  for (const [key, now] of after) {
    const was = before.get(key)
    const text = `${now.kind} ${now.name} ${canonical(now.value)}`
    if (was === undefined || canonical(was.value) !== canonical(now.value)) changes.get(now.proxy)?.add(text)
  }
  const covered = new Set<string>()
  return [...proxies]
    .sort((a, b) => (changes.get(b.id)?.size ?? 0) - (changes.get(a.id)?.size ?? 0))
    .filter(({ id }) => {
      const fresh = [...(changes.get(id) ?? [])].filter((text) => !covered.has(text))
      for (const text of fresh) covered.add(text)
      return fresh.length > 0
    })
}
