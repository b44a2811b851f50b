import process from 'node:process'
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
  readonly writeError: (text: string) => void
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
  // A container's first process ignores every signal that it does not handle. Ending here loses nothing: whoever asks for it
  // does not read on, and the exit code says that the list is not whole.
  if (process.pid === 1) process.once('SIGTERM', () => process.exit(143))
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
      if (messages !== '') writeError(messages)
      if (output !== undefined) await writeOutput(output)
      return { _tag: 'Right', right: undefined }
    }
}

async function say(host: Host, text: string): Promise<number> {
  await host.writeOutput(text)
  return 0
}

function complain(host: Host, message: string): number {
  host.writeError(`error: ${message}\n`)
  return 1
}

function hostProcess(): Host {
  return {
    args: process.argv.slice(2),
    isTerminal: process.stdin.isTTY === true,
    readInput,
    writeOutput,
    writeError: (text) => {
      process.stderr.write(text)
    },
  }
}

async function readInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function writeOutput(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.on('error', (thrown: NodeJS.ErrnoException) => {
      // The reader has gone (`| head`); there is nobody to tell.
      if (thrown.code === 'EPIPE') resolve()
      else reject(thrown)
    })
    process.stdout.write(text, (thrown) => {
      if (!thrown) resolve()
    })
  })
}
