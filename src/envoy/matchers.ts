import type { HeaderMatch, StringMatch } from '../mesh/l7-port.ts'

/** Envoy's `type.matcher.v3.StringMatcher`: exactly one pattern. */
export type StringMatcher =
  | { readonly exact: string }
  | { readonly prefix: string }
  | { readonly safe_regex: { readonly regex: string } }

/** Envoy's `config.route.v3.HeaderMatcher`, spelled with `string_match` (Envoy 1.20 and later). */
export interface HeaderMatcher {
  readonly name: string
  readonly string_match?: StringMatcher
  readonly present_match?: boolean
  readonly invert_match?: boolean
  readonly treat_missing_header_as_empty?: boolean
}

/** A matcher has no "anything" pattern; this regular expression is it (StringMatcher requires one of its patterns). */
export const ANY_STRING: StringMatcher = { safe_regex: { regex: '.*' } }

/** Istio's StringMatch in Envoy's words. An empty prefix, which Envoy refuses, matches everything. */
export function stringMatcher(match: StringMatch): StringMatcher {
  switch (match.type) {
    case 'exact':
      return { exact: match.value }
    case 'prefix':
      return match.value === '' ? ANY_STRING : { prefix: match.value }
    case 'regex':
      // RE2, full match: Istio's rule for StringMatch.regex and Envoy's for safe_regex are the same.
      return { safe_regex: { regex: match.value } }
  }
}

/** A header that must be there, or must match. */
export function headerMatcher(match: HeaderMatch): HeaderMatcher {
  return match.value === undefined
    ? { name: match.name, present_match: true }
    : { name: match.name, string_match: stringMatcher(match.value) }
}

/**
 * `withoutHeaders`: the header is absent, or does not match. Envoy lets a missing header fail even an inverted matcher
 * unless told to treat it as empty (Envoy 1.24 and later).
 */
export function withoutHeaderMatcher(match: HeaderMatch): HeaderMatcher {
  return match.value === undefined
    ? { name: match.name, present_match: true, invert_match: true }
    : { ...headerMatcher(match), invert_match: true, treat_missing_header_as_empty: true }
}
