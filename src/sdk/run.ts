import { pipe } from 'fp-ts/function'
import * as RTE from 'fp-ts/ReaderTaskEither'
import { execute } from './execute.ts'
import { version } from './generated/version.ts'
import type { Protocol } from './protocol.ts'
import { usage } from './usage.ts'

/** What a function's process is to it: supplied by `run`, faked in tests. */
export interface Host {
  readonly args: readonly string[]
  readonly isTerminal: boolean
  readonly readInput: () => Promise<Uint8Array>
  /** Resolves when the text has left, or nobody reads it any more. */
  readonly writeOutput: (text: string) => Promise<void>
  /** Resolves in any case: where nobody can be told, the exit code says it. */
  readonly writeError: (text: string) => Promise<void>
}

/** Why there is nothing to print: one message for stderr. */
type Failure = string

type Program<A> = RTE.ReaderTaskEither<Host, Failure, A>

/**
 * Runs a protocol as a KRM function: one ResourceList on stdin, one on stdout, errors and warnings on stderr too, since
 * kustomize shows nothing else. The exit code is 1 if any result is an error. It never calls `process.exit()`: stdout to
 * a pipe is asynchronous, and what had not left would be lost, which a host takes for deletions.
 */
export async function run<Config>(protocol: Protocol<Config>): Promise<void> {
  // Ending here loses nothing: whoever asks for it does not read on, and the exit code says that the list is not whole.
  if (isFirstProcess()) process.once('SIGTERM', () => process.exit(143))
  process.exitCode = await main(protocol, hostProcess())
}

/** The same with the process supplied. Returns the exit code. */
export async function main<Config>(protocol: Protocol<Config>, host: Host): Promise<number> {
  const [option, ...rest] = host.args
  if (option === '--help' || option === '-h') return say(host, usage(protocol))
  if (option === '--version') return say(host, `${protocol.name} ${version}\n`)
  if (option !== undefined || rest.length > 0)
    return complain(host, `unknown argument \`${option}\`; \`--help\` says what goes in and out`)
  if (host.isTerminal) return complain(host, 'expects a ResourceList on stdin; `--help` says what goes in and out')
  const outcome = await pipe(
    readText,
    RTE.flatMap((text) => RTE.fromTask(() => execute(text, protocol))),
    RTE.flatMap(({ output, messages, exitCode }) =>
      pipe(
        write(output, messages),
        RTE.map(() => exitCode),
      ),
    ),
  )(host)()
  return outcome._tag === 'Right' ? outcome.right : complain(host, outcome.left)
}

const readText: Program<string> =
  ({ readInput }) =>
  async () => {
    try {
      // A byte order mark stays: it is the user's, and leaves as it came.
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readInput())
      return { _tag: 'Right', right: text }
    } catch (thrown) {
      const reason =
        thrown instanceof TypeError
          ? 'stdin is not UTF-8, which a ResourceList must be'
          : `cannot read stdin: ${String(thrown)}`
      return { _tag: 'Left', left: reason }
    }
  }

function write(output: string | undefined, messages: string): Program<void> {
  return ({ writeOutput, writeError }) =>
    async () => {
      if (messages !== '') await writeError(messages)
      if (output === undefined) return { _tag: 'Right', right: undefined }
      try {
        await writeOutput(output)
        return { _tag: 'Right', right: undefined }
      } catch (thrown) {
        return { _tag: 'Left', left: `cannot write all of the output to stdout: ${String(thrown)}` }
      }
    }
}

async function say(host: Host, text: string): Promise<number> {
  const said = await write(text, '')(host)()
  return said._tag === 'Right' ? 0 : complain(host, said.left)
}

async function complain(host: Host, message: string): Promise<number> {
  await host.writeError(`error: ${message}\n`)
  return 1
}

/** By `getBuiltinModule`, since an `import` of these makes Node load every lazy part of them, 4 ms of a start. */
function hostProcess(): Host {
  return {
    args: process.argv.slice(2),
    isTerminal: isTerminal(),
    readInput,
    writeOutput: (text) => writeAll(1, text),
    writeError: (text) => writeAll(2, text).catch(() => undefined),
  }
}

function isTerminal(): boolean {
  // Only a character device can be one; `node:tty` loads the sockets with it.
  return (
    process.getBuiltinModule('node:fs').fstatSync(0).isCharacterDevice() &&
    process.getBuiltinModule('node:tty').isatty(0)
  )
}

/** Synchronous where it can be: `process.stdin` and `process.stdout` load Node's stream and socket modules, 4 ms of a start. */
async function readInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  if (!isFirstProcess() && readAllNow(chunks)) return Buffer.concat(chunks)
  for await (const chunk of process.stdin) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Reads until the end; `false` where the host made the pipe non-blocking and the rest has not arrived yet. */
function readAllNow(chunks: Uint8Array[]): boolean {
  const { readSync } = process.getBuiltinModule('node:fs')
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(65_536)
      const length = readSync(0, chunk)
      if (length === 0) return true
      chunks.push(chunk.subarray(0, length))
    }
  } catch (thrown) {
    if (codeOf(thrown) === 'EOF') return true
    if (codeOf(thrown) === 'EAGAIN') return false
    throw thrown
  }
}

async function writeAll(fd: 1 | 2, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  if (isFirstProcess()) return writeStream(fd, bytes)
  const { writeSync } = process.getBuiltinModule('node:fs')
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(fd, bytes, written)
  } catch (thrown) {
    // The reader has gone (`| head`); there is nobody to tell.
    if (codeOf(thrown) === 'EPIPE') return
    if (codeOf(thrown) !== 'EAGAIN') throw thrown
    await writeStream(fd, bytes.subarray(written))
  }
}

/** A container's first process ignores every signal that it does not handle, and one that waits in a system call handles none. */
function isFirstProcess(): boolean {
  return process.pid === 1
}

/** For a pipe that is full and does not block: the stream waits for its reader, however slow. */
function writeStream(fd: 1 | 2, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = fd === 1 ? process.stdout : process.stderr
    stream.on('error', (thrown) => (codeOf(thrown) === 'EPIPE' ? resolve() : reject(thrown)))
    stream.write(bytes, (thrown) => {
      if (!thrown) resolve()
    })
  })
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
}
