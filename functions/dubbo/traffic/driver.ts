import { join } from 'node:path'
import type { Driver, ProgramPod } from '../../../test/mesh/traffic/driver.ts'
import { edited } from '../../../test/mesh/traffic/mistake.ts'

const java = join(import.meta.dirname, 'java')
const sources = [
  'Consumer.java',
  'Provider.java',
  ...['Counter', 'Greeter', 'Pojo', 'Refused', 'Undeclared'].map((name) => `org/example/${name}.java`),
]

/** Apache Dubbo's own provider and consumer, compiled once, and two ends of a connection that break the rules. */
export const driver: Driver = {
  needs: [
    { program: 'javac', packages: ['default-jdk-headless'], advice: 'install a JDK, 17 or newer' },
    { program: 'mvn', packages: ['maven'], advice: 'install Maven: it fetches clients and servers written in Java' },
  ],
  mistakes: [
    {
      mistake: 'the fall-back for undeclared interfaces left out',
      make: (filter) =>
        edited(filter, (key, value) => (key === 'route_config' && Array.isArray(value) ? value.slice(0, 1) : value)),
      scenario: 'an interface that nobody declared goes where plain TCP took it',
      sees: /the caller saw .*RemotingException: 0/,
    },
    {
      mistake: "the clusters' buffers left as they are",
      make: (filter) => edited(filter, (key, value) => (key === 'per_connection_buffer_limit_bytes' ? 1048576 : value)),
      scenario: 'an answer of 4 MB passes',
      sees: /the caller saw .*TimeoutException/,
    },
  ],
  prepare: async ({ cached, contentHash, command, folder }) => {
    const libraries = await cached(`dubbo-libraries-${contentHash(java, ['pom.xml'])}`, async (draft) => {
      const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${draft}`]
      await command('mvn', ['--batch-mode', '--quiet', ...goal], { cwd: java, timeout: 300_000 })
    })
    const classes = await cached(`dubbo-classes-${contentHash(java, ['pom.xml', ...sources])}`, async (draft) => {
      await command('javac', ['-nowarn', '-cp', join(libraries, '*'), '-d', draft, ...sources], { cwd: java })
    })
    // A short start counts for more here than speed: a dozen seconds of calls in all.
    const options = [
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      `-Duser.home=${folder('dubbo-home')}`,
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
    ]
    const run = ['java', ...options, '-cp', `${classes}:${join(libraries, '*')}`]
    return {
      provider: ({ name, ports }: ProgramPod) => ({
        command: [...run, 'Provider', name, String(ports[0])],
        ready: 'ready',
      }),
      consumer: () => ({ command: [...run, 'Consumer'] }),
      'breaks-off': ({ ports }: ProgramPod) => ({
        command: ['node', join(import.meta.dirname, 'breaks-off.mjs'), String(ports[0])],
        ready: 'ready',
      }),
      'by-hand': () => ({ command: ['node', join(import.meta.dirname, 'by-hand.mjs')] }),
    }
  },
}
