import type { KubernetesObject } from '../../../src/krm/object.ts'
import type { CommandOptions } from '../setup/command.ts'

/** What a function's `traffic/driver.ts` exports: how to run the programs that its mesh's containers name. */
export interface Driver {
  /** Fetches and compiles once; afterwards everything comes from the cache. */
  prepare(tools: DriverTools): Promise<Programs>
  /** Mistakes that only traffic shows; each must turn a scenario red. */
  readonly mistakes?: readonly Mistake[]
}

/** A mistake in what the function renders. */
export interface Mistake {
  readonly mistake: string
  /** Makes it in an EnvoyFilter of the function's. */
  make(filter: KubernetesObject): KubernetesObject
  /** The scenario that must fail, and what its fault must say. */
  readonly scenario: string
  readonly sees: RegExp
}

export interface DriverTools {
  /** A folder of the cache, filled on its first use. The name must change when what fills it does. */
  cached(name: string, fill: (folder: string) => Promise<void>): Promise<string>
  /** A hash of files by content, for such names. */
  contentHash(folder: string, files: readonly string[]): string
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
