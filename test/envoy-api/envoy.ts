import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Minor } from '../../tools/envoy-api/roots.ts'
import { cacheFolder } from '../mesh/setup/cache.ts'
import { envoyVersions, fetchEnvoy } from '../mesh/setup/envoy-binary.ts'

/** `undefined`: accepted; otherwise what Envoy says. */
export type Verdict = string | undefined

/** A real Envoy in `--mode validate`, with its verdicts kept on disk by version and config. */
export interface Envoy {
  judge(bootstrap: object): Promise<Verdict>
  /** Writes new verdicts to the cache. */
  save(): void
}

/** The Envoy of a minor, fetched on its first use. */
export async function openEnvoy(pin: Minor): Promise<Envoy> {
  const release = envoyVersions().find(({ envoy }) => envoy === pin.binary)
  if (release === undefined) throw new Error(`test/mesh/envoy-versions.json has no Envoy ${pin.binary}`)
  const { binary } = await fetchEnvoy(release)
  const file = join(cacheFolder(), 'envoy-verdicts', `${pin.binary}.json`)
  const known = new Map<string, string | null>(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [])
  return {
    async judge(bootstrap) {
      const text = JSON.stringify(bootstrap)
      const key = createHash('sha256').update(text).digest('hex')
      const cached = known.get(key)
      if (cached !== undefined) return cached ?? undefined
      const verdict = await steady(binary, text)
      known.set(key, verdict ?? null)
      return verdict
    },
    save() {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(`${file}.${process.pid}`, JSON.stringify([...known]))
      renameSync(`${file}.${process.pid}`, file)
    },
  }
}

/** Validation itself crashes now and then, whatever the config: a crash counts when it comes three times in a row. */
async function steady(binary: string, bootstrap: string): Promise<Verdict> {
  for (let tries = 1; tries < 3; tries++) {
    const verdict = await validate(binary, bootstrap)
    if (verdict?.startsWith(CRASH) !== true) return verdict
  }
  return validate(binary, bootstrap)
}

const CRASH = 'crashes Envoy'

function validate(binary: string, bootstrap: string): Promise<Verdict> {
  const dir = mkdtempSync(join(tmpdir(), 'envoy-validate-'))
  const file = join(dir, 'bootstrap.json')
  writeFileSync(file, bootstrap)
  // A file and no pipe: configs may log to /dev/stdout, which cannot be opened when it is a socket.
  const said = join(dir, 'said')
  const out = openSync(said, 'w')
  const args = ['--mode', 'validate', '-c', file, '--disable-hot-restart', '-l', 'critical', '--log-format', '%v']
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { stdio: ['ignore', out, out], timeout: 60_000 })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      closeSync(out)
      const text = readFileSync(said, 'utf8').replaceAll(file, 'config').trim()
      rmSync(dir, { recursive: true, force: true })
      if (code === 0) return resolve(undefined)
      if (code !== null) return resolve(text === '' ? `exit code ${code}` : text)
      // A config that crashes Envoy is a verdict; a timeout or a kill from outside is none, and must not be remembered.
      if (signal === 'SIGSEGV' || signal === 'SIGABRT') resolve(`${CRASH} (${signal})`)
      else reject(new Error(`Envoy was ended by ${signal}: ${text}`))
    })
  })
}

/** What every bootstrap has: two clusters to route to, ADS and Istio's own limit of regex sizes. */
const BASE = {
  node: { id: 'sidecar~10.0.0.1~a.b~b.svc.cluster.local', cluster: 'a' },
  layered_runtime: { layers: [{ name: 'static', static_layer: { 're2.max_program_size.error_level': 32768 } }] },
  dynamic_resources: {
    ads_config: {
      api_type: 'GRPC',
      transport_api_version: 'V3',
      grpc_services: [{ envoy_grpc: { cluster_name: 'c' } }],
    },
  },
}

function cluster(name: string): object {
  return {
    name,
    type: 'STATIC',
    connect_timeout: '1s',
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
  }
}

const TCP_PROXY = {
  name: 'envoy.filters.network.tcp_proxy',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
    stat_prefix: 't',
    cluster: 'c',
  },
}

/** Filters that take the place of tcp_proxy; the others stand before it. */
const TERMINAL = /\.(DubboProxy|ThriftProxy|RedisProxy|GenericProxy|RocketmqProxy|KafkaMesh|TcpProxy)$/

/** A bootstrap with one listener for every filter config and one cluster for every cluster. */
export function bootstrap(
  filters: readonly Readonly<Record<string, unknown>>[],
  clusters: readonly object[] = [],
): object {
  const listeners = filters.map((config, i) => ({
    name: `l${i}`,
    address: { socket_address: { address: '127.0.0.1', port_value: 10_000 + i } },
    filter_chains: [{ filters: chain(config) }],
  }))
  return {
    ...BASE,
    static_resources: {
      ...(listeners.length === 0 ? {} : { listeners }),
      clusters: [cluster('c'), cluster('d'), ...clusters],
    },
  }
}

function chain(config: Readonly<Record<string, unknown>>): readonly object[] {
  const type = String(config.type_url ?? config['@type'])
  const filter = { name: filterName(type), typed_config: config }
  return TERMINAL.test(type) ? [filter] : [filter, TCP_PROXY]
}

/** `envoy.filters.network.dubbo_proxy` of `….network.dubbo_proxy.v3.DubboProxy`. */
function filterName(type: string): string {
  return `envoy.filters.network.${type.split('.').at(-3) ?? ''}`
}
