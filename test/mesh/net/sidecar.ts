import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MeshProxy } from '../control-plane.ts'
import type { Envoy } from '../setup/envoy-binary.ts'
import { admin } from './admin.ts'
import { bootstrap } from './bootstrap.ts'
import type { Children, Running } from './children.ts'
import { mountScript, SECRET, type Secrets } from './secrets.ts'
import { waitFor } from './wait.ts'

/** Istio's user for sidecars: traffic of this user is not sent through the sidecar again. */
export const PROXY_USER = 1337

export interface SidecarOptions {
  readonly envoy: Envoy
  readonly proxy: MeshProxy
  readonly namespace: string
  readonly serviceAccount: string
  /** What its EnvoyFilters expect it to have. */
  readonly secrets: Secrets
  /** The address that it asks for names; absent: those that the machine asks, which a pod cannot reach. */
  readonly nameServer?: string
  /** Unix sockets of ADS and SDS. */
  readonly ads: string
  readonly sds: string
  /** A folder of its own, and a path for the socket of its admin interface. */
  readonly folder: string
  readonly socket: string
}

/** A running Envoy that takes its configuration from istiod. */
export interface Sidecar {
  readonly running: Running
  readonly version: string
  readonly log: string
  /** Asks Envoy's admin interface. */
  ask(path: string): Promise<string>
}

/** What became of the configuration that Envoy was sent. */
export interface Acceptance {
  readonly accepted: boolean
  /** Envoy's own words on what it refused, or why it is not ready. */
  readonly reasons: readonly string[]
}

export function startSidecar(children: Children, options: SidecarOptions): Sidecar {
  mkdirSync(options.folder, { recursive: true })
  const { socket } = options
  const config = join(options.folder, 'bootstrap.json')
  const log = join(options.folder, 'envoy.log')
  writeFileSync(config, JSON.stringify(bootstrap(options, socket), null, 1))
  const user = ['--reuid', String(PROXY_USER), '--regid', String(PROXY_USER), '--clear-groups', '--pdeathsig', 'KILL']
  const envoy = [
    options.envoy.binary,
    '-c',
    config,
    '--disable-hot-restart',
    '--concurrency',
    '1',
    '--log-level',
    'warning',
  ]
  const mounts = mountScript(options.secrets, options.folder, resolverFile(options))
  const shell = mounts === '' ? [] : ['sh', '-c', `${mounts} && exec "$@"`, 'sh']
  const args = ['netns', 'exec', options.namespace, ...shell, 'setpriv', ...user, ...envoy]
  const env = Object.fromEntries(options.secrets.variables.map((name) => [name, SECRET]))
  const running = children.start('ip', args, { log, env })
  return { running, version: options.envoy.envoy, log, ask: (path) => admin(socket, path) }
}

function resolverFile({ nameServer }: SidecarOptions): Readonly<Record<string, string>> {
  return nameServer === undefined ? {} : { '/etc/resolv.conf': `nameserver ${nameServer}\n` }
}

/** Waits until Envoy has taken, or refused, what istiod sent, and is ready; at most 15 seconds. */
export async function acceptance(sidecar: Sidecar): Promise<Acceptance> {
  const verdict = await waitFor(15_000, async () => {
    if (!sidecar.running.alive())
      return { accepted: false, reasons: [`Envoy ended: ${sidecar.running.outcome()}`, ...refusals(sidecar)] }
    const stats = await counters(
      sidecar,
      '^(listener_manager\\.lds|cluster_manager\\.cds)\\.update_(success|rejected)$',
    )
    const rejected = total(stats, 'update_rejected')
    if (rejected > 0) return { accepted: false, reasons: refusals(sidecar) }
    const applied =
      (stats.get('listener_manager.lds.update_success') ?? 0) > 0 &&
      (stats.get('cluster_manager.cds.update_success') ?? 0) > 0
    return applied && (await isReady(sidecar)) ? { accepted: true, reasons: [] } : undefined
  })
  return verdict ?? { accepted: false, reasons: ['Envoy was not ready after 15 seconds', ...refusals(sidecar)] }
}

/** Envoy's counters and gauges whose name matches a regular expression. */
export async function counters(sidecar: Sidecar, filter: string): Promise<ReadonlyMap<string, number>> {
  const text = await sidecar.ask(`/stats?filter=${encodeURIComponent(filter)}`).catch(() => '')
  const lines = text.split('\n').flatMap((line) => {
    const cut = line.lastIndexOf(': ')
    return cut < 0 ? [] : [[line.slice(0, cut), Number(line.slice(cut + 2))] as const]
  })
  return new Map(lines)
}

export async function isReady(sidecar: Sidecar): Promise<boolean> {
  return (await sidecar.ask('/ready').catch(() => '')).startsWith('LIVE')
}

function total(stats: ReadonlyMap<string, number>, ending: string): number {
  return [...stats].filter(([name]) => name.endsWith(ending)).reduce((sum, [, value]) => sum + value, 0)
}

function refusals(sidecar: Sidecar): readonly string[] {
  const lines = readFileSync(sidecar.log, 'utf8').split('\n')
  const said = lines.flatMap(
    (line) => /rejected: (.*)$/.exec(line)?.[1] ?? /\[(?:critical|error)\].*\] (.*)$/.exec(line)?.[1] ?? [],
  )
  const plain = said.filter((text) => !/^(#\d+: |Backtrace|Address mapping|Envoy version)/.test(text))
  // Newer Envoys say a reason alone first, and then again with the listener it is about.
  return [...new Set(plain)].filter((text, _, all) => !all.some((other) => other !== text && other.includes(text)))
}
