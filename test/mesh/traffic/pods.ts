import { join } from 'node:path'
import type { KubernetesObject } from '../../../src/krm/object.ts'
import { listAt, numberAt, textAt } from '../json.ts'
import { clusterView } from '../view/cluster-view.ts'
import { namespaceOf } from '../view/manifest.ts'
import { viewProfile } from '../view/mesh-profile.ts'
import { hasSidecar, podAddress } from '../view/pods.ts'
import type { Program, ProgramPod, Programs } from './driver.ts'
import type { TrafficEnvironment } from './function-traffic.ts'
import { podNetwork } from './pod-network.ts'
import { type ProgramRun, startProgram } from './program-run.ts'

/** A pod with its network namespace. */
export interface Pod extends ProgramPod {
  readonly kubernetesNamespace: string
  /** Of the machine: see `ip netns`. */
  readonly namespace: string
  readonly image: string
  readonly serviceAccount: string
  readonly hasSidecar: boolean
}

/** All pods of a function's mesh, their servers running. */
export interface Pods {
  readonly all: readonly Pod[]
  find(name: string): Pod
  /** The namespace outside the mesh. */
  readonly hub: string
  restart(name: string): Promise<void>
  /** Starts a program that makes calls; `via` absent: the container's own. */
  caller(pod: Pick<Pod, 'name' | 'namespace'> & Partial<Pod>, via?: string): Promise<ProgramRun>
  end(): Promise<void>
}

export async function startPods(
  manifests: readonly KubernetesObject[],
  programs: Programs,
  environment: TrafficEnvironment,
): Promise<Pods> {
  const { children, namespaces, run } = environment
  const network = podNetwork(namespaces)
  const known: Programs = { ...builtIn, ...programs }
  const logs = run.folder('programs')
  const all = podsOf(manifests).map((pod) => ({
    ...pod,
    namespace: network.add(pod.name, pod.address, pod.hasSidecar),
  }))
  const programOf = (image: string, pod: ProgramPod): Program => {
    const make = known[image]
    if (make === undefined) throw new Error(`no program is named ${image}: driver.ts must have it`)
    return make(pod)
  }
  const start = (pod: Pod, program: Program): Promise<ProgramRun> =>
    startProgram(children, pod.namespace, program, join(logs, `${pod.name}.log`))
  const servers = new Map<string, ProgramRun>()
  await Promise.all(
    all.map(async (pod) => {
      const program = programOf(pod.image, pod)
      if (program.ready !== undefined) servers.set(pod.name, await start(pod, program))
    }),
  )
  const find = (name: string): Pod => {
    const pod = all.find((one) => one.name === name)
    if (pod === undefined)
      throw new Error(`no workload is named ${name}: there are ${all.map((one) => one.name).join(', ')}`)
    return pod
  }
  return {
    all,
    find,
    hub: network.hub,
    restart: async (name) => {
      const pod = find(name)
      await servers.get(name)?.running.end()
      servers.set(name, await start(pod, programOf(pod.image, pod)))
    },
    caller: (pod, via = pod.image ?? '') =>
      startProgram(
        children,
        pod.namespace,
        programOf(via, { name: pod.name, address: '', ports: [] }),
        join(logs, `${pod.name}-${via}.log`),
      ),
    end: async () => {
      await Promise.all([...servers.values()].map((server) => server.running.end()))
      network.remove()
    },
  }
}

const scripts = join(import.meta.dirname, 'programs')

const builtIn: Programs = {
  echo: ({ name, ports }) => ({
    command: ['node', join(scripts, 'echo.mjs'), name, ...ports.map(String)],
    ready: 'ready',
  }),
  tcp: () => ({ command: ['node', join(scripts, 'tcp.mjs')] }),
}

function podsOf(manifests: readonly KubernetesObject[]): readonly Omit<Pod, 'namespace'>[] {
  const profile = viewProfile(undefined, undefined)
  const { pods } = clusterView(manifests, {
    profile,
    protocols: [],
    clientNamespaces: [],
    clientLabels: [],
    istioVersion: '1.31.0',
    populated: false,
  })
  return pods.map((pod) => {
    const [container] = listAt(pod, 'spec', 'containers')
    return {
      name: pod.metadata.name.replace(/-0$/, ''),
      kubernetesNamespace: namespaceOf(pod),
      address: podAddress(pod),
      ports: listAt(container, 'ports').flatMap((port) => numberAt(port, 'containerPort') ?? []),
      image: textAt(container, 'image') ?? '',
      serviceAccount: textAt(pod, 'spec', 'serviceAccountName') ?? 'default',
      hasSidecar: hasSidecar(pod),
    }
  })
}
