import { type Diagnostic, type Diagnostics, error } from '../krm/diagnostic.ts'
import type { StringMatch } from '../mesh/l7-port.ts'

/**
 * Envoy compiles every `safe_regex` with RE2 and rejects the whole listener when one does not compile, so each is
 * compiled here first. The engine is loaded only when there is a pattern to check: it would double a function's start-up.
 */
export async function checkRegexes(matches: Iterable<StringMatch>): Promise<Diagnostics> {
  const regexes = [...matches].filter((match) => match.type === 'regex')
  if (regexes.length === 0) return []
  const { RE2JS } = await import('re2js')
  const verdicts = new Map<string, string | undefined>()
  const diagnostics: Diagnostic[] = []
  for (const { place, value } of regexes) {
    if (!verdicts.has(value))
      verdicts.set(
        value,
        refusal(() => RE2JS.compile(value)),
      )
    const reason = verdicts.get(value)
    if (reason === undefined) continue
    const message =
      `must be a regular expression in RE2 syntax, which Envoy uses: ${reason}. RE2 has no look-around and no ` +
      'back-references; it matches the whole string, so `.*` is needed at the ends of a partial match'
    diagnostics.push(error(place, message, { currentValue: value }))
  }
  return diagnostics
}

function refusal(compile: () => unknown): string | undefined {
  try {
    compile()
    return undefined
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
}
