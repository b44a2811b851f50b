import { spawn } from 'node:child_process'

export interface Command {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
  /** Milliseconds after which the program is killed. */
  readonly timeout?: number
}

export interface Finished {
  /** `null`: ended by a signal. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end, whatever the end is; rejects only when it cannot be started. */
export function run(program: string, args: readonly string[], command: Command = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: command.cwd,
      env: command.env ?? process.env,
      timeout: command.timeout ?? 110_000,
      killSignal: 'SIGKILL',
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', reject)
    // A program may end without reading its input; what counts then is how it ended.
    child.stdin.on('error', () => {})
    child.stdin.end(command.input ?? '')
    child.on('close', (code, signal) =>
      resolve({
        code,
        signal,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    )
  })
}

/** Runs a program that must succeed, and returns its stdout. */
export async function succeed(program: string, args: readonly string[], command: Command = {}): Promise<string> {
  const { code, signal, stdout, stderr } = await run(program, args, command)
  if (code === 0) return stdout
  throw new Error(
    `${[program, ...args].join(' ')} ended with ${signal ?? code}\n${stdout.slice(-2000)}\n${stderr.slice(-4000)}`,
  )
}
