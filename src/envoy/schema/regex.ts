import { type EnvoyMinor, isOlder } from './minors.ts'

/** Messages whose `regex` field RE2 compiles when the config is loaded. */
const REGEX_MESSAGES = ['envoy.type.matcher.v3.RegexMatcher', 'xds.type.matcher.v3.RegexMatcher']

/** The regular expression that a message holds; `undefined` for a message that holds none. */
export function regexOf(message: string, value: Readonly<Record<string, unknown>>): string | undefined {
  const { regex } = value
  return REGEX_MESSAGES.includes(message) && typeof regex === 'string' ? regex : undefined
}

// Literals, escaped punctuation, and dots with at most one quantifier: valid in RE2 without asking it.
const PLAIN = /^(?:[A-Za-z0-9_\-/:,;=@%&~#"'<> ]|\\[.\-/\\*+?()[\]{}|^$]|\.[*+?]?)*$/

/** Whether an expression is so plain that RE2 certainly takes it: the parser need not be loaded for those. */
export function isPlain(regex: string): boolean {
  return regex.length <= 1000 && PLAIN.test(regex)
}

// istio-proxy lets a pattern have 32768 instructions (`re2.max_program_size.error_level` in its bootstrap). RE2 works on
// bytes: a Unicode class is worth 570 to 640 of re2js' instructions in Envoy 1.37, a negated class, a dot or a letter
// beyond ASCII at most 9, and the rest at most 4 (measured on 27 patterns).
const MOST_INSTRUCTIONS = 32_768

function weight(regex: string): number {
  if (/\\[pP]/.test(regex)) return 640
  return /\[\^|\[\[:\^|\.|\\[DWSx]|[^\x20-\x7e]/.test(regex) ? 10 : 4
}

// From 1.39 on Envoy compiles patterns for bytes (RE2's Latin-1): `\x{100}` is refused, and what looks beyond ASCII in a
// class or before a quantifier silently means something else than in 1.38.
const BYTES_SINCE = '1.39'
const BEYOND_BYTES = /\\[pP]|\\x\{0*[1-9a-fA-F][0-9a-fA-F]{2,}\}|\\[4-7][0-7]{2}|\P{ASCII}[*+?{]|\[[^\]]*\P{ASCII}/u

/** What is wrong with an expression; `since`: the first minor on which it is. */
export interface RegexProblem {
  readonly message: string
  readonly since?: EnvoyMinor
}

/** The minors of the range on which a problem is one. */
export function refusingMinors({ since }: RegexProblem, minors: readonly EnvoyMinor[]): readonly EnvoyMinor[] {
  return minors.filter((minor) => since === undefined || !isOlder(minor, since))
}

/**
 * What RE2 has against each of the expressions; `undefined` where it has nothing. Loads RE2's grammar (re2js, a port of
 * RE2 itself) only when some expression is not plain.
 */
export async function re2Problems(regexes: readonly string[]): Promise<readonly (RegexProblem | undefined)[]> {
  if (regexes.every(isPlain)) return regexes.map(() => undefined)
  const { RE2JS } = await import('re2js')
  return regexes.map((regex): RegexProblem | undefined => {
    try {
      const size = RE2JS.compile(regex).programSize() * weight(regex)
      if (size > MOST_INSTRUCTIONS)
        return { message: 'must be smaller: RE2 would need more instructions than a proxy allows' }
    } catch (refusal) {
      const said = refusal instanceof Error ? refusal.message : String(refusal)
      return {
        message: `must be a regular expression of RE2, which knows no look-around and no back references: ${said}`,
      }
    }
    const message = 'must mean the same in bytes and in characters: from Envoy 1.39 (Istio 1.31) on RE2 is given bytes'
    return BEYOND_BYTES.test(regex) ? { message, since: BYTES_SINCE } : undefined
  })
}
