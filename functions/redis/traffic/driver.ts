import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KubernetesObject } from '../../../src/krm/object.ts'
import type { Driver, DriverTools, Program, ProgramPod } from '../../../test/mesh/traffic/driver.ts'

const CLIENTS = ['ioredis@6.0.0', 'redis@5.12.1']

/** As `secretsDirectory` of scenarios.yaml says: what a sidecar would mount. */
const SECRETS = '/tmp/meltemi-redis-traffic'

/** Redis' own server and command line, and the two clients of npm that most people use. */
export const driver: Driver = {
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
    await installServer(tools)
    mkdirSync(join(SECRETS, 'vault'), { recursive: true })
    writeFileSync(join(SECRETS, 'vault', 'password'), 'back')
    const state = mkdtempSync(join(tmpdir(), 'meltemi-redis-'))
    const server =
      (...lines: readonly string[]) =>
      (pod: ProgramPod): Program =>
        redisServer(state, pod, lines)
    return {
      'redis-server': server(),
      'redis-server-with-password': server('requirepass back'),
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

async function installServer({ command }: DriverTools): Promise<void> {
  try {
    await command('redis-server', ['--version'])
  } catch {
    await command('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], { timeout: 300_000 })
  }
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

/** The object with every field passed through `edit`. */
function edited(filter: KubernetesObject, edit: (key: string, value: unknown) => unknown): KubernetesObject {
  return JSON.parse(JSON.stringify(filter, edit))
}
