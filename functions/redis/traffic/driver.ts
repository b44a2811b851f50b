import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SECRET } from '../../../test/mesh/net/secrets.ts'
import type { Driver, Program, ProgramPod } from '../../../test/mesh/traffic/driver.ts'
import { edited } from '../../../test/mesh/traffic/mistake.ts'

const CLIENTS = ['ioredis@6.0.0', 'redis@5.12.1']

/** Redis' own server and command line, and the two clients of npm that most people use. */
export const driver: Driver = {
  needs: [{ program: 'redis-server', packages: ['redis-server'], advice: 'install Redis, its server and redis-cli' }],
  mistakes: [
    {
      mistake: 'istiod left to balance the shards',
      make: (filter) => edited(filter, (key, value) => (key === 'lb_policy' && value === 'MAGLEV' ? 'RANDOM' : value)),
      scenario: 'a key that was written is found again',
      sees: /the caller saw .*nil/,
    },
    {
      mistake: 'the prefix left on the key',
      make: (filter) => edited(filter, (key, value) => (key === 'remove_prefix' ? false : value)),
      scenario: 'a prefix is taken off',
      sees: /the caller saw .*"0"/,
    },
  ],
  prepare: async (tools) => {
    const modules = await tools.cached(`redis-clients-${CLIENTS.join('-')}`, async (folder) => {
      await tools.command('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', folder, ...CLIENTS], {
        timeout: 120_000,
      })
    })
    const state = tools.folder('redis')
    const server =
      (...lines: readonly string[]) =>
      (pod: ProgramPod): Program =>
        redisServer(state, pod, lines)
    return {
      'redis-server': server(),
      // What every file that a sidecar mounts holds here.
      'redis-server-with-password': server(`requirepass ${SECRET}`),
      'redis-cluster-node': (pod) =>
        redisServer(state, pod, [
          'cluster-enabled yes',
          'cluster-node-timeout 1000',
          `cluster-announce-ip ${pod.address}`,
        ]),
      // Joins the nodes once they are there, and stays.
      'redis-cluster-maker': () => ({
        command: ['node', join(import.meta.dirname, 'make-cluster.mjs')],
        ready: 'ready',
      }),
      'redis-client': () => ({ command: ['node', join(import.meta.dirname, 'caller.mjs'), modules] }),
    }
  },
}

/** Its configuration file bears the pod's name, by which `INFO server` tells who answers. */
function redisServer(state: string, { name, ports }: ProgramPod, lines: readonly string[]): Program {
  const folder = join(state, name)
  const file = join(folder, `${name}.conf`)
  mkdirSync(folder, { recursive: true })
  const common = [`port ${ports[0]}`, 'protected-mode no', 'bind 0.0.0.0', 'save ""', 'appendonly no', `dir ${folder}`]
  writeFileSync(file, [...common, 'logfile /dev/stderr', ...lines, ''].join('\n'))
  return { command: ['redis-server', file], ready: 'Ready to accept connections' }
}
