import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { KubernetesObject } from '../../../src/krm/object.ts'
import { isObject, labelsAt } from '../json.ts'
import { selects } from '../view/manifest.ts'

/** What EnvoyFilters expect their proxies to have: files that are mounted and environment variables that are set. */
export interface Secrets {
  readonly files: readonly string[]
  readonly variables: readonly string[]
}

/** The content of each of them. */
export const SECRET = 'meltemi'

/**
 * Everything that data sources (Envoy's core.v3.DataSource) name in the EnvoyFilters for a pod with these labels: others lack
 * it, as in a cluster.
 */
export function secretsIn(objects: readonly KubernetesObject[], labels: Readonly<Record<string, string>>): Secrets {
  const filters = objects.filter(
    (object) =>
      object.kind === 'EnvoyFilter' && selects(labelsAt(object, 'spec', 'workloadSelector', 'labels'), labels),
  )
  return { files: textsUnder('filename', filters), variables: textsUnder('environment_variable', filters) }
}

function textsUnder(key: string, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => textsUnder(key, item))
  if (!isObject(value)) return []
  const own = value[key]
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(value).flatMap((item) => textsUnder(key, item))]
}

/**
 * Lines of a shell that lay the files over the machine's own folders, seen by that shell and what it starts alone: `ip
 * netns exec` has given it mounts of its own. Absolute paths only, as a mount has. `others` are texts by path, and hide what
 * the machine has there.
 */
export function mountScript({ files }: Secrets, folder: string, others: Readonly<Record<string, string>> = {}): string {
  // What every image has (`/etc/ssl/certs/ca-certificates.crt`) is on this machine too, and stays.
  const absent = files.filter((file) => file.startsWith('/') && !existsSync(file))
  const texts = { ...Object.fromEntries(absent.map((file) => [file, SECRET])), ...others }
  for (const [file, text] of Object.entries(texts)) {
    const path = join(folder, 'upper', file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  const tops = [...new Set(Object.keys(texts).map((file) => file.split('/')[1] ?? ''))]
  return tops
    .map((top) => {
      const work = join(folder, 'work', top)
      mkdirSync(work, { recursive: true })
      return `mount -t overlay overlay -o lowerdir=/${top},upperdir=${join(folder, 'upper', top)},workdir=${work} /${top}`
    })
    .join(' && ')
}
