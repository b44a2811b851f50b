import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readManifests } from '../cases.ts'
import type { ControlPlane } from '../control-plane.ts'
import type { Children } from '../net/children.ts'
import type { Namespaces } from '../net/namespaces.ts'
import type { Verdict } from '../outcome.ts'
import type { RunFolder } from '../run-folder.ts'
import { cached, contentHash } from '../setup/cache.ts'
import { command } from '../setup/command.ts'
import type { Envoy } from '../setup/envoy-binary.ts'
import type { Driver, Programs } from './driver.ts'
import { runMesh } from './mesh-run.ts'
import { type Pods, startPods } from './pods.ts'
import { readScenarios } from './scenario.ts'

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
  const table = readScenarios(join(folder, 'scenarios.yaml'))
  const manifests = readManifests(join(folder, 'mesh.yaml'))
  const pods = await startPods(manifests, await programsOf(folder), environment)
  for (const mesh of table.meshes) {
    const envoys = environment.envoys.filter(({ envoy }) => mesh.envoys?.includes(envoy) ?? true)
    const scenarios = table.scenarios.filter(({ meshes }) => meshes?.includes(mesh.name) ?? true)
    for (const envoy of envoys)
      await runMesh({ protocol, manifests, mesh, envoy, scenarios, pods, environment, report })
  }
  await pods.end()
}

async function programsOf(folder: string): Promise<Programs> {
  const { driver }: { readonly driver: Driver } = await import(pathToFileURL(join(folder, 'driver.ts')).href)
  return driver.prepare({ cached, contentHash, command })
}

export type { Pods }
