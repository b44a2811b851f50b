import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { run } from './run.ts'

/** Where a program is, or why it is not there and what a person can do about it. */
export type Found = { readonly path: string } | { readonly missing: string }

export type ToolName = 'kpt' | 'kubectl' | 'kustomize'

/** Where builds are kept between runs: `MELTEMI_CACHE`, else `~/.cache/meltemi`. */
export function cacheFolder(): string {
  const folder = process.env.MELTEMI_CACHE ?? join(homedir(), '.cache', 'meltemi')
  mkdirSync(folder, { recursive: true })
  return folder
}

/** The program of that name on the PATH. */
export function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export function findTool(name: ToolName): Promise<Found> {
  switch (name) {
    case 'kpt':
      return Promise.resolve(findKpt())
    case 'kubectl':
      return Promise.resolve(findOnPath('kubectl', 'install kubectl and put it on the PATH'))
    case 'kustomize':
      return findKustomize()
  }
}

function findKpt(): Found {
  const kpt = findOnPath('kpt', 'install kpt (https://kpt.dev/installation) and put it on the PATH')
  // Without git in the PATH kpt stops before it runs any function.
  return 'path' in kpt && onPath('git') === undefined ? { missing: 'kpt needs git on the PATH' } : kpt
}

function findOnPath(name: string, install: string): Found {
  const path = onPath(name)
  return path === undefined ? { missing: `${name} is not on the PATH: ${install}` } : { path }
}

const kustomizeVersion = 'v5.8.1'

/** kustomize 5.8 from the PATH, or built once by Go. `args` of an exec function are unknown to 5.6 and older. */
async function findKustomize(): Promise<Found> {
  const path = onPath('kustomize')
  if (path !== undefined && (await run(path, ['version'])).stdout.startsWith('v5.8.')) return { path }
  const folder = join(cacheFolder(), `kustomize-${kustomizeVersion}`)
  const built = join(folder, 'kustomize')
  if (existsSync(built)) return { path: built }
  const source = `sigs.k8s.io/kustomize/kustomize/v5@${kustomizeVersion}`
  const go = onPath('go')
  const install = `install kustomize 5.8 and put it on the PATH, or install Go, which builds it (go install ${source})`
  if (go === undefined) return { missing: `neither kustomize 5.8 nor go is on the PATH: ${install}` }
  const { code, stderr } = await run(go, ['install', source], {
    env: { ...process.env, GOBIN: folder },
    timeout: 600_000,
  })
  return code === 0 ? { path: built } : { missing: `go install ${source} failed: ${lastLine(stderr)}; ${install}` }
}

export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? ''
}
