import type { Diagnostic, Diagnostics } from '../krm/diagnostic.ts'
import { describe } from '../krm/object.ts'

/**
 * Errors first, then warnings, one line each: kustomize shows stderr and nothing else, and kpt cuts it after four lines.
 * Remarks are for `results` alone.
 */
export function messageLines(diagnostics: Diagnostics): string {
  const lines = (['error', 'warning'] as const).flatMap((severity) =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).map(messageLine),
  )
  return lines.map((line) => `${line}\n`).join('')
}

/** `severity: Kind namespace/name path: message (file)`. */
export function messageLine({ severity, message, place }: Diagnostic): string {
  const address =
    place === undefined ? '' : `${describe(place.source.ref)}${place.path === '' ? '' : ` ${place.path}`}: `
  const file = place?.source.file === undefined ? '' : ` (${place.source.file.path})`
  return `${severity}: ${address}${message}${file}`.replace(/\s*\n\s*/g, ' ')
}
