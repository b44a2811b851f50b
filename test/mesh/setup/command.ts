import { spawn } from 'node:child_process'

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Milliseconds after which the command is ended and counts as failed. */
  readonly timeout?: number
  readonly input?: string
}

/** Runs a program to its end and gives its stdout; rejects with its stderr if it fails. */
export function command(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.timeout === undefined ? {} : { timeout: options.timeout, killSignal: 'SIGKILL' }),
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    // A program that does not read its input closes the pipe: that is no fault.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const said = Buffer.concat(stderr).toString().trim()
      if (code === 0) resolve(Buffer.concat(stdout).toString())
      else
        reject(
          new Error(`\`${[program, ...args].join(' ')}\` failed (${signal ?? code})${said === '' ? '' : `: ${said}`}`),
        )
    })
  })
}

/** Whether a program is in the PATH. */
export async function has(program: string): Promise<boolean> {
  return command('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => false,
  )
}
