import type { KubernetesObject } from '../../../src/krm/object.ts'
import type { CommandOptions } from '../setup/command.ts'
import type { Need } from '../setup/need.ts'
import type { Mistake } from './mistake.ts'

/** What a function's `traffic/driver.ts` exports: how to run the programs that its mesh's containers name. */
export interface Driver {
  /** What the machine must have for them, beside Node and what every run needs. */
  readonly needs?: readonly Need[]
  /** Fetches and compiles once; afterwards everything comes from the cache. */
  prepare(tools: DriverTools): Promise<Programs>
  /** Mistakes that only traffic shows; each must turn a scenario red. */
  readonly mistakes?: readonly Mistake[]
  /** Filters that cannot be taken away from running sidecars, through a known fault of Envoy's. */
  readonly staysForGood?: (filter: KubernetesObject) => boolean
}

export interface DriverTools {
  /** A folder of the cache, filled on its first use. The name must change when what fills it does. */
  cached(name: string, fill: (folder: string) => Promise<void>): Promise<string>
  /** A hash of files by content, for such names. */
  contentHash(folder: string, files: readonly string[]): string
  /** A folder of this run, which goes when the run ends. */
  folder(name: string): string
  /** Has every sidecar mount a file, under its path there: what a DestinationRule's `tls` names. */
  mount(path: string, text: string): void
  /** Runs a program to its end; rejects with what it says. */
  command(program: string, args: readonly string[], options?: CommandOptions): Promise<string>
}

/** By the container's `image`. */
export type Programs = Readonly<Record<string, (pod: ProgramPod) => Program>>

/** The pod a program runs in. */
export interface ProgramPod {
  /** The workload's name. Servers begin every answer with it, which is how an answer tells where it comes from. */
  readonly name: string
  readonly address: string
  /** Its container ports. */
  readonly ports: readonly number[]
}

/**
 * A program of a container. One that makes calls reads each as a line of JSON from stdin (the scenario's `call`, with
 * `address`, `port` and `times`) and answers it with a line `> {"replies": [{"value": ...} | {"error": ...}]}` on stdout.
 */
export interface Program {
  readonly command: readonly string[]
  /** A text in its log that says that it can be used; absent: at once. */
  readonly ready?: string
}

export interface Reply {
  readonly value?: string
  readonly error?: string
}
