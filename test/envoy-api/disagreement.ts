import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Violation } from '../../src/envoy/schema/violation.ts'
import type { Verdict } from './envoy.ts'

/** `disagreements.yaml`: where we and the real thing differ, and why that is right. */
export interface Table {
  /** Hand-made configs on which an Envoy differs, by name, on these minors. */
  readonly configs: readonly (Reason & { readonly names: readonly string[]; readonly minors?: readonly string[] })[]
  /** Kinds of mutations on which an Envoy differs. */
  readonly envoy: readonly (Reason & { readonly classes: readonly string[] })[]
  /** Kinds of mutations on which strict protojson with PGV differs. */
  readonly go: readonly (Reason & { readonly classes: readonly string[] })[]
}

interface Reason {
  readonly we: 'accept' | 'refuse'
  readonly reason: string
}

export function readTable(): Table {
  // Our own file, whose every entry is compared with what is found.
  return parse(readFileSync(new URL('disagreements.yaml', import.meta.url), 'utf8')) as Table
}

/** The classes that a part of the table explains, sorted, as `classOf` writes them. */
export function classes(part: Table['envoy']): readonly string[] {
  return part.flatMap((entry) => entry.classes.map((name) => `we ${entry.we}: ${name}`)).sort()
}

// What a change breaks first; a field with a wrong name, say, is also absent under its right one.
const PRIMARY = ['unknown-field', 'type', 'any-type', 'duration', 'value', 'refused', 'since', 'required', 'oneof']

/**
 * What a disagreement is about: the rule of ours that was broken first, and the change that broke it (of Envoy's C++
 * rules, the rule says it all); `undefined`: there is none.
 */
export function classOf(change: string, ours: readonly Violation[], theirs: Verdict): string | undefined {
  if (ours.length === 0) return theirs === undefined ? undefined : `we accept: ${surroundings(theirs)}`
  if (theirs !== undefined) return undefined
  const rules = ours.map(({ rule }) => rule).sort()
  const primary = PRIMARY.find((name) => rules.some((rule) => rule === name)) ?? rules[0] ?? ''
  return `we refuse: ${/^(envoy:|regex$)/.test(primary) ? primary : `${primary} / ${change}`}`
}

/** Refusals that are about the machine and not about the config; anything else is told as it is, and is no known class. */
function surroundings(verdict: string): string {
  if (/unable to open file|Invalid path|Environment variable doesn't exist/.test(verdict))
    return 'a file or variable of the proxy'
  if (/could not find @type/.test(verdict)) return 'a filter that is not in the standard build'
  return verdict.replaceAll(/\s+/g, ' ').slice(0, 200)
}
