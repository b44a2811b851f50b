import type {} from 'vitest'
import type { TestProject } from 'vitest/node'
import { root } from '../../../scripts/functions.ts'
import { succeed } from '../run.ts'
import { provideTools } from '../setup.ts'
import { baseImage } from './base-image.ts'
import { missingDocker, startDaemon } from './daemon.ts'

const image = 'meltemi.test/dubbo:test'

/** Starts a Docker daemon where none runs, and builds the function's image with the project's own Dockerfile. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing = await missingDocker()
  if (missing !== undefined) throw new Error(missing)
  await provideTools(project)
  const daemon = await startDaemon()
  try {
    // The hosts call `docker` with the environment of the tests, whose workers are started after this.
    if (daemon.host !== undefined) process.env.DOCKER_HOST = daemon.host
    const base = await baseImage(daemon)
    const args = ['build', '--quiet', '--build-arg', `BASE=${base}`, '--build-arg', 'FUNCTION=dubbo', '-t', image, '.']
    await succeed('docker', args, { cwd: root, timeout: 600_000 })
    project.provide('image', image)
  } catch (error) {
    await daemon.stop()
    throw error
  }
  return () => daemon.stop()
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly image: string
  }
}
