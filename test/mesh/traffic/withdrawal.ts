import type { KubernetesObject } from '../../../src/krm/object.ts'
import { isOurs } from '../cases.ts'
import { counters, type Sidecar } from '../net/sidecar.ts'
import { waitFor } from '../net/wait.ts'
import type { Verdict } from '../outcome.ts'
import type { MeshRun } from './mesh-run.ts'

/** A mesh that is being served, and the sidecars that it is served to. */
export interface Served {
  readonly title: string
  readonly name: string
  readonly ads: string
  readonly objects: readonly KubernetesObject[]
  readonly sidecars: ReadonlyMap<string, Sidecar>
}

/** Longer than two discoveries of any cluster of a traffic mesh that finds nodes: Envoy may crash at the next one only. */
const SETTLING = 5000

/**
 * What is rendered must be possible to take back: the sidecars that have it live on when they are sent the mesh without the
 * function's filters, and when they are sent it with them once more.
 */
export async function withdrawalVerdicts(run: MeshRun, served: Served): Promise<readonly Verdict[]> {
  const without = served.objects.filter(
    (object) => !isOurs(object, run.protocol) || run.staysForGood?.(object) === true,
  )
  const verdicts: Verdict[] = []
  for (const [what, objects] of [
    ['the filters are taken away', without],
    ['the filters come back', served.objects],
  ] as const)
    verdicts.push({ name: `${served.title}: ${what}`, faults: await updateFaults(run, { ...served, objects }) })
  return verdicts
}

/** Sends other objects to all sidecars, and says which did not take them, or died of them. */
async function updateFaults(run: MeshRun, { name, ads, objects, sidecars }: Served): Promise<readonly string[]> {
  const { controlPlane } = run.environment
  const before = await Promise.all([...sidecars.values()].map(updates))
  await controlPlane.close(name)
  await controlPlane.serve(name, { rootNamespace: 'istio-system', autoMtls: true, objects }, ads)
  const taken = await Promise.all([...sidecars.values()].map((sidecar, i) => takesMore(sidecar, before[i] ?? 0)))
  await new Promise((resolve) => setTimeout(resolve, SETTLING))
  return [...sidecars].flatMap(([pod, { running }], i) => {
    if (!running.alive()) return [`the sidecar of ${pod} died of it (${running.outcome()})`]
    return taken[i] === true ? [] : [`the sidecar of ${pod} was not updated within 20 seconds`]
  })
}

function takesMore(sidecar: Sidecar, before: number): Promise<boolean | undefined> {
  return waitFor(20_000, async () => {
    if (!sidecar.running.alive()) return false
    return (await updates(sidecar)) > before ? true : undefined
  })
}

/** How many times listeners were sent, which istiod sends last. */
async function updates(sidecar: Sidecar): Promise<number> {
  return (await counters(sidecar, LISTENERS)).get('listener_manager.lds.update_success') ?? 0
}

const LISTENERS = '^listener_manager\\.lds\\.update_success$'
