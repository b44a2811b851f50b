import type { KubernetesObject } from '../../../src/krm/object.ts'
import { listAt, textAt } from '../json.ts'
import type { Verdict } from '../outcome.ts'
import { render } from '../render.ts'
import type { Envoy } from '../setup/envoy-binary.ts'
import { type ClusterView, clusterView } from '../view/cluster-view.ts'
import { isManifest } from '../view/manifest.ts'
import { viewProfile } from '../view/mesh-profile.ts'
import type { Driver } from './driver.ts'
import type { TrafficEnvironment } from './function-traffic.ts'
import type { Pods } from './pods.ts'
import type { MeshVariant, Scenario } from './scenario.ts'
import { Stage } from './stage.ts'
import { strictFaults } from './strict.ts'
import { withdrawalVerdicts } from './withdrawal.ts'

export interface MeshRun {
  readonly protocol: string
  readonly manifests: readonly KubernetesObject[]
  readonly mesh: MeshVariant
  readonly envoy: Envoy
  readonly scenarios: readonly Scenario[]
  readonly pods: Pods
  readonly environment: TrafficEnvironment
  readonly report: (verdict: Verdict) => void
  readonly staysForGood?: Driver['staysForGood']
  /** Changes what the function rendered, to see that the scenarios notice. */
  readonly mutate?: (items: readonly KubernetesObject[]) => readonly KubernetesObject[]
}

/** Renders the mesh, gives every pod its sidecar of this Envoy, and runs the scenarios in order. */
export async function runMesh(run: MeshRun): Promise<void> {
  const title = `${run.protocol} traffic, mesh ${run.mesh.name}, Envoy ${run.envoy.envoy}`
  const items = await renderedItems(run)
  const view = viewOf(items, run)
  const name = title.replace(/[^\w.]+/g, '-')
  const folder = run.environment.run.folder(name)
  const ads = run.environment.run.socket()
  await run.environment.controlPlane.serve(
    name,
    { rootNamespace: 'istio-system', autoMtls: true, objects: view.objects },
    ads,
  )
  const stage = new Stage(run, view, { title, folder, ads })
  try {
    const refused = await stage.startSidecars()
    run.report({ name: `${title}: every Envoy loads it`, faults: refused })
    if (refused.length > 0) return
    for (const scenario of run.scenarios) run.report(await stage.play(scenario))
    // One mesh of each function will do: the others differ in what is proven without an update.
    if (run.mesh.mtls === 'PERMISSIVE' && run.mutate === undefined) {
      const served = { title, name, ads, objects: view.objects, sidecars: stage.sidecars }
      for (const verdict of await withdrawalVerdicts(run, served)) run.report(verdict)
    }
    if (run.mesh.mtls === 'STRICT')
      run.report({ name: `${title}: mutual TLS everywhere`, faults: await strictFaults(run, stage.sidecars) })
  } finally {
    await stage.end()
    await run.environment.controlPlane.close(name)
  }
}

async function renderedItems(run: MeshRun): Promise<readonly KubernetesObject[]> {
  const list = await render(run.environment.root, run.protocol, run.manifests, run.mesh.functionConfig)
  const errors = listAt(list, 'results').filter((result) => textAt(result, 'severity') === 'error')
  if (errors.length > 0) throw new Error(`the function refuses ${run.protocol}'s mesh.yaml: ${JSON.stringify(errors)}`)
  const items = listAt(list, 'items').filter(isManifest)
  return run.mutate === undefined ? items : run.mutate(items)
}

function viewOf(items: readonly KubernetesObject[], run: MeshRun): ClusterView {
  return clusterView(items, {
    profile: { ...viewProfile(undefined, undefined), mtls: run.mesh.mtls },
    protocols: [],
    clientNamespaces: [],
    clientLabels: [],
    istioVersion: `${run.envoy.istio}.0`,
    populated: false,
  })
}
