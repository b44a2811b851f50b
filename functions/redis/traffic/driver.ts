import { join } from 'node:path'
import { SECRET } from '../../../test/mesh/net/secrets.ts'
import type { Driver } from '../../../test/mesh/traffic/driver.ts'
import { edited } from '../../../test/mesh/traffic/mistake.ts'
import { makeCertificates, mountCertificates } from './certificates.ts'
import { NAMES, RedisServers } from './servers.ts'

const CLIENTS = ['ioredis@6.0.0', 'redis@5.12.1']

/** Redis' own server and command line, and the two clients of npm that most people use. */
export const driver: Driver = {
  needs: [
    { program: 'redis-server', packages: ['redis-server'], advice: 'install Redis, its server and redis-cli' },
    { program: 'openssl', packages: ['openssl'], advice: 'install OpenSSL 3, which makes the certificates' },
  ],
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
    {
      mistake: 'a filter that signs in given to every pod',
      make: (filter) => edited(filter, (key, value) => (key === 'workloadSelector' ? undefined : value)),
      scenario: "a client without the Secret's label has no redis_proxy, and the server itself refuses it",
      sees: /the error must match \/NOAUTH.* the caller saw .*vault/,
    },
    {
      mistake: 'the transport socket left out',
      make: (filter) => edited(filter, (key, value) => (key === 'transport_socket' ? undefined : value)),
      scenario: 'a Redis Cluster by TLS',
      sees: /the caller saw .*no upstream host/,
    },
  ],
  // Redis Clusters whose nodes do not close idle connections.
  staysForGood: (filter) => {
    const text = JSON.stringify(filter)
    return text.includes('envoy.clusters.redis') && !text.includes('redis_cluster|cluster.shop.svc')
  },
  prepare: async (tools) => {
    const modules = await tools.cached(`redis-clients-${CLIENTS.join('-')}`, async (folder) => {
      await tools.command('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', folder, ...CLIENTS], {
        timeout: 120_000,
      })
    })
    const certificates = await makeCertificates(tools)
    mountCertificates(certificates, tools)
    const servers = new RedisServers(tools.folder('redis'), certificates)
    return {
      'redis-server': (pod) => servers.plain(pod),
      // What every file that a sidecar mounts holds here.
      'redis-server-with-password': (pod) => servers.plain(pod, `requirepass ${SECRET}`),
      'redis-cluster-node': (pod) => servers.node(pod),
      'redis-lone-node': (pod) => servers.loneNode(pod),
      'redis-tls-node': (pod) => servers.tlsNode(pod),
      'redis-named-tls-node': (pod) => servers.namedTlsNode(pod),
      'tls-gate': (pod) => servers.gate(pod),
      'redis-mutual-tls-node': (pod) => servers.mutualTlsNode(pod),
      'name-server': () => ({ command: ['node', join(import.meta.dirname, 'names.mjs'), ...NAMES], ready: 'ready' }),
      // Joins the nodes once they are there, and stays.
      'redis-cluster-maker': () => ({
        command: ['node', join(import.meta.dirname, 'make-cluster.mjs')],
        ready: 'ready',
      }),
      'redis-client': () => ({ command: ['node', join(import.meta.dirname, 'caller.mjs'), modules, certificates] }),
    }
  },
}
