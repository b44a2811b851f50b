import type { Place } from './object.ts'

export type Severity = 'error' | 'warning' | 'info'

/** A scalar that a result may carry: kpt stores nothing else in `currentValue` and `proposedValue`. */
export type Scalar = string | number | boolean | null

/**
 * A problem as a value: where in the input it is, and a message that says what must hold.
 * A diagnostic without a place is about the whole list.
 */
export interface Diagnostic {
  readonly severity: Severity
  readonly message: string
  readonly place?: Place
  readonly currentValue?: Scalar
  readonly proposedValue?: Scalar
}

export type Diagnostics = readonly Diagnostic[]

export interface Values {
  readonly currentValue?: Scalar
  readonly proposedValue?: Scalar
}

/** An error: it fails the render (exit code 1). */
export function error(place: Place | undefined, message: string, values: Values = {}): Diagnostic {
  return diagnostic('error', place, message, values)
}

/** A warning: the render succeeds, and a person must read it. */
export function warning(place: Place | undefined, message: string, values: Values = {}): Diagnostic {
  return diagnostic('warning', place, message, values)
}

/** A remark: what was decided and why. */
export function info(place: Place | undefined, message: string, values: Values = {}): Diagnostic {
  return diagnostic('info', place, message, values)
}

/** The value at fault as a result can carry it; nothing for maps and lists. */
export function current(value: unknown): Values {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? { currentValue: value }
    : {}
}

/** Whether a render has failed: any error does, wherever it stands. */
export function hasError(diagnostics: Diagnostics): boolean {
  return diagnostics.some(({ severity }) => severity === 'error')
}

/** Each once: what is wrong with one field is found again for every port that it is about. */
export function distinct(diagnostics: Diagnostics): Diagnostics {
  return [...new Map(diagnostics.map((one) => [JSON.stringify(one), one])).values()]
}

export function diagnostic(severity: Severity, place: Place | undefined, message: string, values: Values): Diagnostic {
  return { severity, message, ...(place === undefined ? {} : { place }), ...values }
}
