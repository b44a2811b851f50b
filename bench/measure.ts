import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'

export interface Measured {
  /** Wall time of the whole process in milliseconds, median. */
  readonly milliseconds: number
  /** Peak resident memory in megabytes; absent for programs that are not Node. */
  readonly megabytes?: number
}

/** `NODE_EXTRA_CA_CERTS` costs Node 20 some 40 ms at each start, which would hide everything else. */
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env

/** Runs a command on an input file `runs` times, output discarded. */
export function measure(command: readonly [string, ...string[]], input: string, runs: number): Measured {
  const times = Array.from({ length: runs }, () => once(command, input).milliseconds).sort((a, b) => a - b)
  const milliseconds = times[Math.floor(times.length / 2)] ?? 0
  if (command[0] !== process.execPath) return { milliseconds }
  const [node, ...rest] = command
  const { stderr } = once([node, '--require', join(import.meta.dirname, 'peak-memory.cjs'), ...rest], input)
  const kilobytes = /peak-kb (\d+)/.exec(stderr)?.[1]
  return kilobytes === undefined ? { milliseconds } : { milliseconds, megabytes: Number(kilobytes) / 1024 }
}

function once([program, ...args]: readonly [string, ...string[]], input: string) {
  const stdin = openSync(input, 'r')
  try {
    const start = process.hrtime.bigint()
    const { status, stderr } = spawnSync(program, args, {
      stdio: [stdin, 'ignore', 'pipe'],
      env: environment,
      encoding: 'utf8',
    })
    const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${status}: ${stderr.slice(0, 500)}`)
    return { milliseconds, stderr }
  } finally {
    closeSync(stdin)
  }
}
