import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MeshProxy } from '../control-plane.ts'
import type { Children } from '../net/children.ts'
import type { Secrets } from '../net/secrets.ts'
import { type Acceptance, acceptance, type Sidecar, startSidecar } from '../net/sidecar.ts'
import type { Envoy } from '../setup/envoy-binary.ts'

export interface Trial extends Acceptance {
  readonly envoy: Envoy
  readonly proxy: MeshProxy
  /** The listeners as Envoy has them, and its log. */
  readonly listeners: string
  readonly log: string
}

export interface TrialOptions {
  readonly children: Children
  /** A namespace with nothing but a loopback. */
  readonly namespace: string
  readonly folder: string
  readonly secrets: Secrets
  readonly socket: () => string
  readonly ads: string
  readonly sds: string
}

/** Starts a fresh Envoy as this proxy, waits for its verdict on what istiod sends, and ends it. */
export async function trial(envoy: Envoy, proxy: MeshProxy, options: TrialOptions): Promise<Trial> {
  const { children, namespace, secrets, ads, sds } = options
  const socket = options.socket()
  const folder = join(options.folder, `${proxy.id}-${envoy.envoy}`)
  const minor = { ...proxy, istioVersion: `${envoy.istio}.0` }
  const sidecar = startSidecar(children, {
    envoy,
    proxy: minor,
    namespace,
    secrets,
    serviceAccount: 'default',
    ads,
    sds,
    folder,
    socket,
  })
  try {
    const verdict = await acceptance(sidecar)
    return { ...verdict, envoy, proxy, ...(verdict.accepted ? { listeners: '', log: '' } : await seen(sidecar)) }
  } finally {
    await sidecar.running.end('SIGKILL')
  }
}

async function seen(sidecar: Sidecar): Promise<{ readonly listeners: string; readonly log: string }> {
  const listeners = await sidecar.ask('/config_dump?include_eds').catch(() => 'Envoy no longer answers')
  return { listeners, log: readFileSync(sidecar.log, 'utf8') }
}
