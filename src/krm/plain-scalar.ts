/**
 * Scalars, keys and line ends that can be read by their characters alone, in block style and in flow style on one line.
 * They are a part of YAML 1.2 core: whatever stands outside of it is for the full parser.
 */

/** No key, marker, alias, tag or number begins so, and none of these ends a scalar in flow style. */
const WORD = '[\\w./@+=()-]'
const words = (word: string) => `[A-Za-z/](?:${word})*(?: (?:${word})+)*`
const BLOCK_WORDS = words(`${WORD}|,|:(?=[\\w./@+=,()-])`)
const FLOW_WORDS = words(WORD)
/** Digits that are no number: an address, a duration, a quantity of Kubernetes. */
const DIGITS = '\\d{1,3}(?:\\.\\d{1,3}){3}(?:/\\d{1,2})?|\\d+(?:ms|[smhkMG]|[KMGTP]i)'
const INTEGER = '0|-?[1-9]\\d{0,14}'
/** Characters that YAML prints as they are, in quotes without an escape. */
const PRINTED = '\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff'
const DOUBLE = `"((?:(?!["\\\\])[${PRINTED}])*)"`
const SINGLE = `'((?:(?!')[${PRINTED}])*)'`

const scalar = (words: string) => `(?:(${words}|${DIGITS})|(${INTEGER})|${DOUBLE}|${SINGLE})`

export const BLOCK_SCALAR = scalar(BLOCK_WORDS)
export const FLOW_SCALAR = scalar(FLOW_WORDS)
export const KEY = '(?:([A-Za-z][\\w./-]*)|"([\\w@./-]+)"|\'([\\w@./-]+)\')'
/** What may stand behind the last value of a line. */
export const END = ' *(?: #[\\x20-\\x7e]*)?(?:\\r?\\n|$)'

const NO_STRINGS: ReadonlyMap<string, boolean | null> = new Map([
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
])

/** The key among the first three groups of a match; `undefined`: none that is plain. */
export function keyOf([, plain, double, single]: RegExpExecArray): string | undefined {
  return plain !== undefined && NO_STRINGS.has(plain) ? undefined : (plain ?? double ?? single)
}

/** The scalar among the groups of a match, from that of its words on; `undefined`: there is none. */
export function scalarOf(match: RegExpExecArray, from: number): unknown {
  const words = match[from]
  if (words !== undefined) return NO_STRINGS.has(words) ? NO_STRINGS.get(words) : words
  const integer = match[from + 1]
  return integer === undefined ? (match[from + 2] ?? match[from + 3]) : Number(integer)
}

/** Whether the pattern, which is sticky, matches at the offset; its `lastIndex` is then behind the match. */
export function matches(pattern: RegExp, text: string, offset: number): boolean {
  pattern.lastIndex = offset
  return pattern.test(text)
}
