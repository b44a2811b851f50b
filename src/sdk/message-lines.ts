import type { Diagnostic, Diagnostics } from '../krm/diagnostic.ts'
import { describe } from '../krm/object.ts'

/**
 * What goes to stderr, a line each: kustomize shows nothing else, and kpt cuts it after four lines. Remarks are for
 * `results` alone.
 */
export function messageLines(diagnostics: Diagnostics): string {
  const lines = linesOf(diagnostics.filter(({ severity }) => severity !== 'info'))
  return lines.map((line) => `${line}\n`).join('')
}

/** One line each, errors first, then warnings. */
export function linesOf(diagnostics: Diagnostics): readonly string[] {
  return (['error', 'warning', 'info'] as const).flatMap((severity) =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).map(messageLine),
  )
}

/** `severity: Kind namespace/name path: message (file)`. */
function messageLine({ severity, message, place }: Diagnostic): string {
  const address =
    place === undefined ? '' : `${describe(place.source.ref)}${place.path === '' ? '' : ` ${place.path}`}: `
  const file = place?.source.file === undefined ? '' : ` (${place.source.file.path})`
  return `${severity}: ${address}${message}${file}`.replace(/\s*\n\s*/g, ' ')
}
