import { compare } from './compare.ts'
import type { Diagnostic, Diagnostics, Scalar, Severity } from './diagnostic.ts'
import type { FileRef, ObjectRef, Place } from './object.ts'

/** One entry of `results`, in the specification's spelling (functions-spec.md, `results`). */
export interface Result {
  readonly message: string
  readonly severity: Severity
  readonly resourceRef?: ObjectRef
  readonly field?: { readonly path: string; readonly currentValue?: Scalar; readonly proposedValue?: Scalar }
  readonly file?: FileRef
}

/** Sorted by file, index, severity and message, and then by all the rest, so that the order of the input is without effect. */
export function toResults(diagnostics: Diagnostics): readonly Result[] {
  return diagnostics.map(toResult).sort(compareResults)
}

function toResult({ severity, message, place, currentValue, proposedValue }: Diagnostic): Result {
  return {
    message,
    severity,
    ...(place === undefined ? {} : whereOf(place, { currentValue, proposedValue })),
  }
}

interface Values {
  readonly currentValue: Scalar | undefined
  readonly proposedValue: Scalar | undefined
}

function whereOf(
  { source, path }: Place,
  { currentValue, proposedValue }: Values,
): Omit<Result, 'message' | 'severity'> {
  const { apiVersion, kind, name, namespace } = source.ref
  const field = {
    path,
    ...(currentValue === undefined ? {} : { currentValue }),
    ...(proposedValue === undefined ? {} : { proposedValue }),
  }
  return {
    resourceRef: { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) },
    ...(path === '' ? {} : { field }),
    ...(source.file === undefined ? {} : { file: { path: source.file.path, index: source.file.index } }),
  }
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

function compareResults(a: Result, b: Result): number {
  return (
    compare(a.file?.path ?? '', b.file?.path ?? '') ||
    (a.file?.index ?? 0) - (b.file?.index ?? 0) ||
    RANK[a.severity] - RANK[b.severity] ||
    compare(a.message, b.message) ||
    compare(JSON.stringify(a), JSON.stringify(b))
  )
}
