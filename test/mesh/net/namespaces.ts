import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'

const PREFIX = 'meltemi'

/**
 * Network namespaces of this run: named after its process id, so that two runs never meet, and so that the next run
 * knows which ones a killed run has left behind.
 */
export class Namespaces {
  readonly #names = new Set<string>()
  #count = 0

  constructor() {
    for (const name of abandoned()) removeNamespace(name)
  }

  /** Makes a namespace whose loopback is up. */
  add(name: string): string {
    this.#count += 1
    const full = `${PREFIX}-${process.pid}-${this.#count}-${name}`.slice(0, 60)
    this.#names.add(full)
    ip('netns', 'add', full)
    ip('-n', full, 'link', 'set', 'lo', 'up')
    return full
  }

  /** Removes one; what still runs in it loses its network. */
  remove(name: string): void {
    removeNamespace(name)
    this.#names.delete(name)
  }

  removeAll(): void {
    for (const name of this.#names) this.remove(name)
  }
}

function abandoned(): readonly string[] {
  const names = existsSync('/run/netns') ? readdirSync('/run/netns') : []
  return names.filter((name) => {
    const [prefix, pid] = name.split('-')
    return prefix === PREFIX && pid !== undefined && /^\d+$/.test(pid) && !existsSync(`/proc/${pid}`)
  })
}

function removeNamespace(name: string): void {
  spawnSync('ip', ['netns', 'delete', name])
}

/** Runs `ip`; throws with what it says. */
export function ip(...args: readonly string[]): void {
  run('ip', args)
}

export function inNamespace(namespace: string, program: string, ...args: readonly string[]): void {
  run('ip', ['netns', 'exec', namespace, program, ...args])
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 10_000 })
  if (status !== 0) throw new Error(`\`${program} ${args.join(' ')}\`: ${stderr}`)
}
