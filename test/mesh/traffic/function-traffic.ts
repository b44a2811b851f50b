import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { KubernetesObject } from '../../../src/krm/object.ts'
import { readManifests } from '../cases.ts'
import type { ControlPlane } from '../control-plane.ts'
import type { Children } from '../net/children.ts'
import type { Namespaces } from '../net/namespaces.ts'
import type { Verdict } from '../outcome.ts'
import type { RunFolder } from '../run-folder.ts'
import { cached, contentHash } from '../setup/cache.ts'
import { command } from '../setup/command.ts'
import type { Envoy } from '../setup/envoy-binary.ts'
import type { Driver } from './driver.ts'
import { runMesh } from './mesh-run.ts'
import type { Mistake } from './mistake.ts'
import { type Pods, startPods } from './pods.ts'
import { readScenarios, type ScenarioTable } from './scenario.ts'

export interface TrafficEnvironment {
  readonly root: string
  readonly controlPlane: ControlPlane
  readonly children: Children
  readonly namespaces: Namespaces
  readonly run: RunFolder
  readonly envoys: readonly Envoy[]
}

/** Functions that have a `traffic` folder. */
export function functionsWithTraffic(root: string): readonly string[] {
  const all = readdirSync(join(root, 'functions')).sort()
  return all.filter((name) => existsSync(join(root, 'functions', name, 'traffic', 'scenarios.yaml')))
}

/** Runs every scenario of a function in every mesh that it names, on every Envoy. */
export async function functionTraffic(
  protocol: string,
  environment: TrafficEnvironment,
  report: (verdict: Verdict) => void,
): Promise<void> {
  const folder = join(environment.root, 'functions', protocol, 'traffic')
  const table = tableOf(environment.root, protocol)
  const manifests = readManifests(join(folder, 'mesh.yaml'))
  const driver = await driverOf(environment.root, protocol)
  const tools = { cached, contentHash, command, folder: environment.run.folder, mount: environment.controlPlane.mount }
  const pods = await startPods(manifests, await driver.prepare(tools), environment)
  const staying = driver.staysForGood === undefined ? {} : { staysForGood: driver.staysForGood }
  try {
    for (const mesh of table.meshes) {
      const envoys = environment.envoys.filter(({ envoy }) => mesh.envoys?.includes(envoy) ?? true)
      const scenarios = table.scenarios.filter(({ meshes }) => meshes?.includes(mesh.name) ?? true)
      for (const envoy of envoys)
        await runMesh({ protocol, manifests, mesh, envoy, scenarios, pods, environment, report, ...staying })
    }
    for (const mistake of driver.mistakes ?? [])
      report(await mistakeVerdict(mistake, { protocol, manifests, table, pods, environment }))
  } finally {
    await pods.end()
  }
}

/** How the programs of a function's mesh are run. */
export async function driverOf(root: string, protocol: string): Promise<Driver> {
  const file = join(root, 'functions', protocol, 'traffic', 'driver.ts')
  const { driver }: { readonly driver: Driver } = await import(pathToFileURL(file).href)
  return driver
}

/** The scenarios of a function. */
function tableOf(root: string, protocol: string): ScenarioTable {
  return readScenarios(join(root, 'functions', protocol, 'traffic', 'scenarios.yaml'))
}

interface MistakeSetting {
  readonly protocol: string
  readonly manifests: readonly KubernetesObject[]
  readonly table: ScenarioTable
  readonly pods: Pods
  readonly environment: TrafficEnvironment
}

/** Makes the mistake in the first mesh, on the newest Envoy, and requires its scenario to fail with the right words. */
async function mistakeVerdict({ mistake, make, scenario, sees }: Mistake, setting: MistakeSetting): Promise<Verdict> {
  const { table, environment, ...rest } = setting
  const [mesh] = table.meshes
  const envoy = environment.envoys.at(-1)
  const scenarios = table.scenarios.filter(({ name }) => name === scenario)
  if (mesh === undefined || envoy === undefined || scenarios.length === 0)
    throw new Error(`the mistake "${mistake}" names the scenario "${scenario}", which is not in the table`)
  const faults: string[] = []
  const report = (verdict: Verdict): void => {
    faults.push(...verdict.faults)
  }
  const mutate = (items: readonly KubernetesObject[]): readonly KubernetesObject[] =>
    items.map((item) => (item.kind === 'EnvoyFilter' ? make(item) : item))
  // The failure is wanted: nothing is left behind for a person.
  const quiet = { ...environment, run: { ...environment.run, evidence: () => 'nothing' } }
  await runMesh({ ...rest, mesh, envoy, scenarios, environment: quiet, report, mutate })
  const fault = `"${scenario}" must fail and say ${sees}, and says ${faults.length === 0 ? 'nothing' : faults.join('; ')}`
  return {
    name: `${setting.protocol} with ${mistake} fails`,
    faults: faults.some((text) => sees.test(text)) ? [] : [fault],
  }
}
