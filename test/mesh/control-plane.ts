import type { ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { KubernetesObject } from '../../src/krm/object.ts'
import type { Children } from './net/children.ts'
import { readLog } from './net/log.ts'

/** What a sidecar, or a gateway, tells istiod about itself. */
export interface MeshProxy {
  /** `<pod>.<namespace>` */
  readonly id: string
  readonly type: 'sidecar' | 'router'
  readonly namespace: string
  readonly address: string
  readonly labels: Readonly<Record<string, string>>
  readonly istioVersion: string
}

/** A cluster as istiod sees it. */
export interface MeshInput {
  readonly rootNamespace: string
  readonly autoMtls: boolean
  readonly objects: readonly KubernetesObject[]
}

export interface ExplainInput extends MeshInput {
  /** EnvoyFilters put on top of `objects` one after the other; a known name replaces. */
  readonly steps: readonly KubernetesObject[]
  /** EnvoyFilters for Istio's admission. */
  readonly validate: readonly KubernetesObject[]
  readonly proxies: readonly MeshProxy[]
}

/** A listener, cluster or extension config that a proxy is sent. `value` is null when a step removed it. */
export interface Resource {
  readonly proxy: string
  readonly kind: 'listener' | 'cluster' | 'extension'
  readonly name: string
  readonly value: JsonObject | null
}

export interface JsonObject {
  readonly [field: string]: unknown
}

export interface Admission {
  readonly error?: string
  readonly warnings?: readonly string[]
}

export interface Explanation {
  readonly validation: readonly Admission[]
  /** Objects that Istio's admission keeps out of the cluster, and why. */
  readonly refused: readonly string[]
  readonly base: readonly Resource[]
  /** For each step, what it changed. */
  readonly steps: readonly (readonly Resource[])[]
  /** Lines of Istio's log that say that a patch did not take effect; they are said nowhere else. */
  readonly complaints: readonly string[]
}

/** Istio's translation as a process (`istiod/`): one request at a time. */
export interface ControlPlane {
  explain(input: ExplainInput): Promise<Explanation>
  /** Serves ADS for a mesh on a Unix socket until `close`. */
  serve(mesh: string, input: MeshInput, socket: string): Promise<void>
  close(mesh: string): Promise<void>
  /** The Unix socket on which certificates are served. */
  readonly sds: string
  /** Has sidecars mount a file. Its path is that in their container; certificates there are served as Istio's agent does. */
  mount(path: string, text: string): void
  end(): Promise<void>
}

interface Answer {
  readonly error?: string
  readonly validation?: readonly Admission[]
  readonly refused?: readonly string[]
  readonly base?: readonly Resource[]
  readonly steps?: readonly (readonly Resource[])[]
}

/** Starts the process with its sockets and its log in `folder`. */
export function startControlPlane(binary: string, children: Children, folder: string): ControlPlane {
  const log = join(folder, 'istiod.log')
  const sds = join(folder, 'sds.sock')
  const mounts = join(folder, 'mounts')
  const running = children.start(binary, ['-log', log, '-sds', sds, '-mounts', mounts], {
    log: join(folder, 'istiod.stderr'),
    pipes: true,
    // Istio's own extensions are not in a standard Envoy; the flag is read before `main`.
    env: { PILOT_ENABLE_METADATA_EXCHANGE: 'false' },
  })
  const { child } = running
  const ask = asker(child)
  return {
    sds,
    mount: (path, text) => {
      const file = join(mounts, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    },
    explain: async (input) => {
      const start = readLog(log).length
      const { validation = [], refused = [], base = [], steps = [] } = await ask({ op: 'explain', ...input })
      return { validation, refused, base, steps, complaints: complaints(log, start) }
    },
    serve: async (mesh, input, socket) => {
      await ask({ op: 'serve', mesh, ...input, socket })
    },
    close: async (mesh) => {
      await ask({ op: 'close', mesh })
    },
    end: () => running.end(),
  }
}

function asker(child: ChildProcess): (request: object) => Promise<Answer> {
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('istiod was started without pipes')
  const waiting: { readonly resolve: (line: string) => void; readonly reject: (problem: Error) => void }[] = []
  createInterface({ input: stdout }).on('line', (line) => waiting.shift()?.resolve(line))
  const fail = (problem: Error): void => {
    for (const one of waiting.splice(0)) one.reject(problem)
  }
  child.on('error', fail)
  child.on('close', (code) => fail(new Error(`istiod ended (exit code ${code})`)))
  stdin.on('error', fail)
  return async (request) => {
    const line = await new Promise<string>((resolve, reject) => {
      waiting.push({ resolve, reject })
      stdin.write(`${JSON.stringify(request)}\n`)
    })
    const answer: Answer = JSON.parse(line)
    if (answer.error !== undefined) throw new Error(`istiod: ${answer.error}`)
    return answer
  }
}

/** What istiod logs when it drops a patch (pilot, `envoyfilter.go` and `listener_patch.go`). */
const DROPPED = /failed to build envoy filter value|caused panic|did not take effect/

function complaints(log: string, start: number): readonly string[] {
  return readLog(log)
    .slice(start)
    .split('\n')
    .filter((line) => DROPPED.test(line))
}
