import { availableParallelism } from 'node:os'
import { type ControlPlane, startControlPlane } from './control-plane.ts'
import { Children } from './net/children.ts'
import { Namespaces } from './net/namespaces.ts'
import { type RunFolder, readableEnvoy, runFolder } from './run-folder.ts'
import { type Envoy, envoyVersions, fetchEnvoy } from './setup/envoy-binary.ts'
import { istiodBinary } from './setup/istiod-binary.ts'

/** Everything that a run of the tier holds and must give back. */
export interface Tools {
  readonly root: string
  readonly run: RunFolder
  readonly children: Children
  readonly namespaces: Namespaces
  readonly controlPlane: ControlPlane
  readonly envoys: readonly Envoy[]
  /** Network namespaces with a loopback only, one for each Envoy that is tried at a time. */
  readonly slots: readonly string[]
}

export interface ToolOptions {
  /** Whether Envoys are wanted, which need root and network namespaces. */
  readonly envoys: boolean
}

/** Builds and fetches what is needed, runs `work`, and gives everything back, also after a failure or a signal. */
export async function withTools<T>(root: string, options: ToolOptions, work: (tools: Tools) => Promise<T>): Promise<T> {
  const binary = await istiodBinary()
  const fetched: Envoy[] = []
  for (const version of options.envoys ? envoyVersions() : []) fetched.push(await fetchEnvoy(version))
  const run = runFolder()
  const children = new Children()
  const namespaces = new Namespaces()
  const stop = (): void => {
    children.killAll()
    namespaces.removeAll()
    run.close()
    process.exit(130)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const controlPlane = startControlPlane(binary, children, run.path)
  try {
    const envoys = fetched.map((envoy) => readableEnvoy(envoy, run))
    const slots = Array.from({ length: options.envoys ? Math.min(4, availableParallelism()) : 0 }, (_, index) =>
      namespaces.add(`slot${index}`),
    )
    return await work({ root, run, children, namespaces, controlPlane, envoys, slots })
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
    await controlPlane.end()
    await children.endAll()
    namespaces.removeAll()
    run.close()
  }
}
