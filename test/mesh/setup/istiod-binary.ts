import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cached, contentHash } from './cache.ts'
import { command } from './command.ts'

const source = join(import.meta.dirname, '..', 'istiod')

/** The translation of Istio, built from `istiod/` once for each content of that folder; its first build takes minutes. */
export async function istiodBinary(): Promise<string> {
  const files = readdirSync(source).sort()
  const folder = await cached(`istiod-${contentHash(source, files)}`, async (draft) => {
    console.log('building istiod (once: about 5 minutes on 2 cores, then seconds)')
    const args = ['build', '-trimpath', '-ldflags', '-s -w', '-o', join(draft, 'istiod'), '.']
    await command('go', args, { cwd: source, env: { GOFLAGS: '-buildvcs=false' } })
  })
  return join(folder, 'istiod')
}
