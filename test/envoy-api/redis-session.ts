import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Minor } from '../../tools/envoy-api/roots.ts'
import { Children, type Running } from '../mesh/net/children.ts'
import { waitFor } from '../mesh/net/wait.ts'
import { envoyVersions, fetchEnvoy } from '../mesh/setup/envoy-binary.ts'

/** A real Envoy with one redis_proxy, before a server that says every command's last word back. */
export interface RedisSession {
  /** The first line of the answer to a command, on a connection of its own; empty: it was closed without one. */
  ask(...words: readonly string[]): Promise<string>
  /** What Envoy said as it died; `undefined`: it lives. */
  lastWords(): string | undefined
}

/** What `--mode validate` does not show: some of redis_proxy's config is read when the first command comes. */
export async function withRedisProxy<A>(
  pin: Minor,
  proxy: object,
  talk: (session: RedisSession) => Promise<A>,
): Promise<A> {
  const release = envoyVersions().find(({ envoy }) => envoy === pin.binary)
  if (release === undefined) throw new Error(`test/mesh/envoy-versions.json has no Envoy ${pin.binary}`)
  const { binary } = await fetchEnvoy(release)
  const folder = mkdtempSync(join(tmpdir(), 'redis-'))
  const paths = { listener: join(folder, 'listener'), server: join(folder, 'server'), log: join(folder, 'log') }
  const children = new Children()
  const server = await echo(paths.server)
  try {
    const config = join(folder, 'bootstrap.json')
    writeFileSync(config, JSON.stringify(bootstrap(proxy, paths)))
    const args = ['-c', config, '--disable-hot-restart', '--concurrency', '1', '-l', 'critical', '--log-format', '%v']
    const envoy = children.start(binary, args, { log: paths.log })
    const isReady = await waitFor(20_000, async () =>
      !envoy.alive() || (await listens(paths.listener)) ? true : undefined,
    )
    const said = (): string => readFileSync(paths.log, 'utf8')
    if (isReady !== true || !envoy.alive()) throw new Error(`Envoy ${pin.binary} does not listen: ${said()}`)
    return await talk({
      ask: (...words) => ask(envoy, paths.listener, words),
      lastWords: () => (envoy.alive() ? undefined : said()),
    })
  } finally {
    await children.endAll()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function bootstrap(proxy: object, paths: { readonly listener: string; readonly server: string }): object {
  const type = 'type.googleapis.com/envoy.extensions.filters.network.redis_proxy.v3.RedisProxy'
  const typed_config = { '@type': type, stat_prefix: 'r', settings: { op_timeout: '5s' }, ...proxy }
  const filters = [{ name: 'envoy.filters.network.redis_proxy', typed_config }]
  const endpoint = { address: { pipe: { path: paths.server } } }
  return {
    static_resources: {
      listeners: [{ name: 'l', address: { pipe: { path: paths.listener } }, filter_chains: [{ filters }] }],
      clusters: [
        {
          name: 'c',
          type: 'STATIC',
          connect_timeout: '1s',
          load_assignment: { cluster_name: 'c', endpoints: [{ lb_endpoints: [{ endpoint }] }] },
        },
      ],
    },
  }
}

/** Every command of these tests is one chunk: Envoy sends the next when this one is answered. */
function echo(path: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => socket.write(`+${chunk.toString().trimEnd().split('\r\n').at(-1)}\r\n`))
  })
  return new Promise((resolve) => server.listen(path, () => resolve(server)))
}

/** Envoy makes the socket's file a moment before it listens. */
function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

function ask(envoy: Running, path: string, words: readonly string[]): Promise<string> {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(path, () => socket.write(`*${words.length}\r\n${parts.join('')}`))
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer to ${words.join(' ')}`)))
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      answer += chunk.toString()
      if (answer.includes('\r\n')) socket.end()
    })
    socket.on('close', async () => {
      const [line = ''] = answer.split('\r\n')
      // A proxy that closes without a word is dying; whether it does is known when the process has ended.
      if (line === '') await waitFor(5000, () => (envoy.alive() ? undefined : true))
      resolve(line)
    })
  })
}
