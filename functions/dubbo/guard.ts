import type { NetworkFilter } from 'meltemi'
import type { Policy } from './policy.ts'
import { NOBODY, rbacFilters } from './rbac.ts'

/** What the policies of a namespace make together, on each of its Dubbo ports. */
export interface Guard {
  /** Every one of them in words, and those that are in error. */
  readonly demanding: readonly string[]
  readonly inError: readonly string[]
  readonly filters: readonly NetworkFilter[]
}

/** What the list holds for one namespace. */
export interface Gathered {
  /** The sound ones, and those whose `spec` is in error. */
  readonly policies: Policy[]
  readonly demanding: Set<string>
  readonly inError: Set<string>
}

/**
 * A policy in error may be a DENY, whose callers the sound ones let in, or the only ALLOW, without which anybody is let in. Left
 * out altogether, the guard would take the sound policies with it, and so open the ports to everybody: that of an earlier run goes
 * with the other earlier outputs. So nobody is let in.
 */
export function guardOf({ policies, demanding, inError }: Gathered): Guard {
  return {
    demanding: [...demanding],
    inError: [...inError],
    filters: inError.size > 0 ? [NOBODY] : rbacFilters(policies),
  }
}

/** A few objects in words: the first, and how many more. */
export function listed([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`
}
