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
// bytes, so a class beyond ASCII is worth hundreds of them there and one here.
const MOST_INSTRUCTIONS = 3000
const CLASS_WEIGHT = 400

/**
 * What RE2 has against each of the expressions; `undefined` where it has nothing. Loads RE2's grammar (re2js, a port of
 * RE2 itself) only when some expression is not plain.
 */
export async function re2Problems(regexes: readonly string[]): Promise<readonly (string | undefined)[]> {
  if (regexes.every(isPlain)) return regexes.map(() => undefined)
  const { RE2JS } = await import('re2js')
  return regexes.map((regex) => {
    try {
      const weight = /\\[pP]|[^\x20-\x7e]|\[\^/.test(regex) ? CLASS_WEIGHT : 1
      const size = RE2JS.compile(regex).programSize() * weight
      return size <= MOST_INSTRUCTIONS || weight * regex.length <= MOST_INSTRUCTIONS * 4
        ? undefined
        : `must be smaller: RE2 would need more instructions than a proxy allows for it`
    } catch (refusal) {
      return `must be a regular expression of RE2, which knows no look-around and no back references: ${said(refusal)}`
    }
  })
}

function said(refusal: unknown): string {
  return refusal instanceof Error ? refusal.message : String(refusal)
}
