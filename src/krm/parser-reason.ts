/**
 * What a parser says, without what it quotes of the text: a value that YAML takes for an alias, a tag or the head of a text
 * block may well be a password that somebody forgot to quote.
 */
export function withoutText(message: string): string {
  return message.replace(/: [\s\S]*$/, '').replace(/ ?!?(?:"[\s\S]*"|<[\s\S]*>)/, '')
}

/** The errors of the `yaml` package that quote the text without a mark around it, by their code. */
const BY_CODE: ReadonlyMap<string, string> = new Map([
  ['TAG_RESOLVE_FAILED', 'a tag cannot be resolved'],
  ['BAD_COLLECTION_TYPE', 'a tag does not fit what it stands before'],
  ['BAD_DQ_ESCAPE', 'unknown escape sequence'],
  ['BAD_DIRECTIVE', 'unknown directive'],
  ['RESOURCE_EXHAUSTION', 'it is nested too deep'],
])

/** The same of an error of the `yaml` package. */
export function reasonOf({ code, message }: { readonly code: string; readonly message: string }): string {
  return BY_CODE.get(code) ?? withoutText(message)
}
