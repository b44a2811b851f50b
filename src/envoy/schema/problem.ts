import type { Scalar } from '../../krm/diagnostic.ts'
import type { EnvoyMinor } from './minors.ts'
import type { Broken } from './violation.ts'

/** A violation without its place; `minors` only where it is not all of them. */
export interface Problem {
  readonly rule: Broken
  readonly message: string
  readonly minors?: readonly EnvoyMinor[]
  readonly proposed?: Scalar
}

/** A problem before its sentence is put together. */
export interface Finding extends Problem {
  /** The value, as the sentence names it. */
  readonly found?: string
  /** What follows the value. */
  readonly more?: string
}

/** The whole sentence; of a secret without the value, and without what could be made of it. */
export function said({ found, more = '', proposed, ...problem }: Finding, isSecret: boolean): Problem {
  if (isSecret) return problem
  const message = `${problem.message}${found === undefined ? '' : `, not ${found}`}${more}`
  return { ...problem, message, ...(proposed === undefined ? {} : { proposed }) }
}
