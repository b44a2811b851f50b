import * as TH from 'fp-ts/These'
import type { Diagnostic, Diagnostics } from './diagnostic.ts'

/**
 * What a stage returns: a value, a value with remarks, or only remarks. It is fp-ts's `These`, which is exactly
 * the result model of a KRM function; this module is the only one that knows so.
 */
export type Outcome<A> = TH.These<Diagnostics, A>

/** A value and nothing to say. */
export function ok<A>(value: A): Outcome<A> {
  return TH.right(value)
}

/** A value, and what must be said beside it. An error may stand beside a value: it fails the render, not the stage. */
export function remark<A>(value: A, diagnostics: Diagnostics): Outcome<A> {
  return diagnostics.length === 0 ? TH.right(value) : TH.both(diagnostics, value)
}

/** No value: the diagnostics say why. */
export function fail(diagnostics: Diagnostics): Outcome<never> {
  return TH.left(diagnostics)
}

export function map<A, B>(outcome: Outcome<A>, f: (value: A) => B): Outcome<B> {
  return TH.isLeft(outcome) ? outcome : remark(f(outcome.right), diagnosticsOf(outcome))
}

/** The next stage, with the remarks of both. */
export function chain<A, B>(outcome: Outcome<A>, f: (value: A) => Outcome<B>): Outcome<B> {
  if (TH.isLeft(outcome)) return outcome
  const next = f(outcome.right)
  return say(next, diagnosticsOf(outcome))
}

/** The same outcome with remarks said before its own. */
export function say<A>(outcome: Outcome<A>, before: Diagnostics): Outcome<A> {
  if (before.length === 0) return outcome
  const all = [...before, ...diagnosticsOf(outcome)]
  return TH.isLeft(outcome) ? TH.left(all) : TH.both(all, outcome.right)
}

/**
 * Every item for itself: the values of those that have one, and the remarks of all, in order. A failing item
 * costs its own value and no other's.
 */
export function collect<A, B>(items: Iterable<A>, f: (item: A) => Outcome<B>): Outcome<readonly B[]> {
  const values: B[] = []
  const diagnostics: Diagnostic[] = []
  for (const item of items) {
    const outcome = f(item)
    for (const diagnostic of diagnosticsOf(outcome)) diagnostics.push(diagnostic)
    if (!TH.isLeft(outcome)) values.push(outcome.right)
  }
  return remark(values, diagnostics)
}

/** All or nothing: the values if every outcome has one, and the remarks of all either way. */
export function all<A>(outcomes: readonly Outcome<A>[]): Outcome<readonly A[]> {
  const diagnostics = outcomes.flatMap(diagnosticsOf)
  const values: A[] = []
  for (const outcome of outcomes) {
    if (TH.isLeft(outcome)) return fail(diagnostics)
    values.push(outcome.right)
  }
  return remark(values, diagnostics)
}

export function diagnosticsOf<A>(outcome: Outcome<A>): Diagnostics {
  return TH.isRight(outcome) ? [] : outcome.left
}

/** Whether there is no value. `resultOf` cannot say so of an outcome whose value may be `undefined`. */
export function isFailure<A>(outcome: Outcome<A>): boolean {
  return TH.isLeft(outcome)
}

export function resultOf<A>(outcome: Outcome<A>): A | undefined {
  return TH.isLeft(outcome) ? undefined : outcome.right
}
