import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, closeSync, openSync } from 'node:fs'

/** A program that runs until it is ended. Its output goes to a file. */
export interface Running {
  readonly pid: number
  readonly alive: () => boolean
  /** How it ended; `undefined` while it runs. */
  readonly outcome: () => string | undefined
  readonly child: ChildProcess
  end(signal?: NodeJS.Signals): Promise<void>
}

export interface StartOptions {
  /** File that gets stderr, and stdout unless `pipes`. */
  readonly log: string
  /** Whether stdin and stdout are pipes to this process. */
  readonly pipes?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/**
 * Starts programs and ends them all, each by its own id, whatever happens. `setpriv --pdeathsig` has the kernel end them
 * even if this process is killed outright.
 */
export class Children {
  readonly #running = new Set<Running>()

  start(program: string, args: readonly string[], options: StartOptions): Running {
    const log = openSync(options.log, 'a')
    // A sidecar runs as another user and opens /dev/stdout again, for access logs.
    chmodSync(options.log, 0o666)
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], {
      stdio: options.pipes === true ? ['pipe', 'pipe', log] : ['ignore', log, log],
      env: { ...process.env, ...options.env },
      cwd: options.cwd ?? '/',
    })
    closeSync(log)
    child.stdin?.on('error', () => {})
    const running: Running = {
      pid: child.pid ?? 0,
      child,
      alive: () => child.exitCode === null && child.signalCode === null,
      outcome: () => child.signalCode ?? (child.exitCode === null ? undefined : `exit code ${child.exitCode}`),
      end: (signal = 'SIGTERM') => end(child, signal),
    }
    this.#running.add(running)
    child.on('close', () => this.#running.delete(running))
    child.on('error', () => this.#running.delete(running))
    return running
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#running].map((running) => running.end()))
  }

  /** For a signal handler: no time to wait. */
  killAll(): void {
    for (const running of this.#running) running.child.kill('SIGKILL')
  }
}

/** Asks, and after two seconds insists. */
function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 2000)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill(signal)
  })
}
