import { join } from 'node:path'
import type { Driver, DriverTools, ProgramPod } from '../../../test/mesh/traffic/driver.ts'
import { edited } from '../../../test/mesh/traffic/mistake.ts'

const here = import.meta.dirname
const limits = join(here, 'ratelimit')

/** Apache Thrift's packages for Node (clients) and Python (servers, HEADER), and Envoy's own rate-limit service. */
export const driver: Driver = {
  needs: [{ program: 'redis-server', packages: ['redis-server'], advice: 'install Redis, where limits are counted' }],
  mistakes: [
    {
      mistake: 'the names of headers in lower case',
      make: (filter) => edited(filter, (key, value) => (key === 'header_keys_preserve_case' ? false : value)),
      scenario: 'headers reach the server as they were written',
      sees: /the caller saw .*x-canary/,
    },
    {
      mistake: 'the routes in another order',
      make: (filter) =>
        edited(filter, (key, value) => (key === 'routes' && Array.isArray(value) ? value.toReversed() : value)),
      scenario: 'a method by its name',
      sees: /calculator-v2 answered 0 of 10 calls/,
    },
  ],
  prepare: async (tools) => {
    const npm = await npmPackage(tools)
    const python = await pythonPackage(tools)
    const server = (pod: ProgramPod, ...options: readonly string[]) => ({
      command: [
        'env',
        `PYTHONPATH=${python}`,
        'python3',
        join(here, 'server.py'),
        pod.name,
        String(pod.ports[0]),
        ...options,
      ],
      ready: 'ready',
    })
    const rateLimit = await rateLimitService(tools)
    return {
      server: (pod) => server(pod),
      'header-server': (pod) => server(pod, 'header'),
      client: () => ({ command: ['node', join(here, 'npm-client.mjs'), npm] }),
      'header-client': () => ({ command: ['env', `PYTHONPATH=${python}`, 'python3', join(here, 'header_client.py')] }),
      ratelimit: () => ({ command: ['sh', join(limits, 'run.sh'), rateLimit, limits], ready: 'Listening for gRPC' }),
    }
  },
}

const THRIFT_NPM = '0.24.0'

function npmPackage({ cached, command }: DriverTools): Promise<string> {
  return cached(`thrift-npm-${THRIFT_NPM}`, async (folder) => {
    await command('npm', ['install', '--silent', '--prefix', folder, `thrift@${THRIFT_NPM}`], { timeout: 120_000 })
  })
}

const THRIFT_PYTHON = '0.25.0'

function pythonPackage({ cached, command }: DriverTools): Promise<string> {
  return cached(`thrift-python-${THRIFT_PYTHON}`, async (folder) => {
    const quiet = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore']
    await command('python3', ['-m', 'pip', 'install', ...quiet, '--target', folder, `thrift==${THRIFT_PYTHON}`], {
      timeout: 120_000,
    })
  })
}

const RATE_LIMIT = 'v1.4.1-0.20260122083618-3fb702589d36'

/** Built from its Go module; its counters are kept by a redis-server. */
async function rateLimitService({ cached, command }: DriverTools): Promise<string> {
  const folder = await cached(`ratelimit-${RATE_LIMIT}`, async (draft) => {
    const module = `github.com/envoyproxy/ratelimit/src/service_cmd@${RATE_LIMIT}`
    await command('env', [`GOBIN=${draft}`, 'go', 'install', module], { timeout: 580_000 })
  })
  return join(folder, 'service_cmd')
}
