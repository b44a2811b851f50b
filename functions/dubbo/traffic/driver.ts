import { join } from 'node:path'
import type { Driver, ProgramPod } from '../../../test/mesh/traffic/driver.ts'

const java = join(import.meta.dirname, 'java')
const sources = [
  'Consumer.java',
  'Provider.java',
  ...['Counter', 'Greeter', 'Pojo', 'Refused', 'Undeclared'].map((name) => `org/example/${name}.java`),
]

/** Apache Dubbo's own provider and consumer, compiled once, and two ends of a connection that break the rules. */
export const driver: Driver = {
  prepare: async ({ cached, contentHash, command }) => {
    const libraries = await cached(`dubbo-libraries-${contentHash(java, ['pom.xml'])}`, async (folder) => {
      const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`]
      await command('mvn', ['--batch-mode', '--quiet', ...goal], { cwd: java, timeout: 300_000 })
    })
    const classes = await cached(`dubbo-classes-${contentHash(java, ['pom.xml', ...sources])}`, async (folder) => {
      await command('javac', ['-nowarn', '-cp', join(libraries, '*'), '-d', folder, ...sources], { cwd: java })
    })
    // A short start counts for more here than speed: a dozen seconds of calls in all.
    const options = [
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Duser.home=/tmp',
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
