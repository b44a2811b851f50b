import { distance } from 'fastest-levenshtein'
import { compare } from './compare.ts'

/** What to write instead of a field that does not exist: the nearest that does, or all there are. */
export function fieldHint(name: string, known: readonly string[]): string {
  const nearest = suggest(name, known)
  if (nearest !== undefined) return `did you mean \`${nearest}\`?`
  return known.length === 0
    ? 'there are none here'
    : `the fields are ${known.map((field) => `\`${field}\``).join(', ')}`
}

/** The known name that a wrong one is nearest to; `undefined` when none is near enough to be meant. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  // A third of the word may be wrong, and two letters always: what is further off would be a guess.
  const limit = Math.max(2, Math.floor(word.length / 3))
  const scored = known
    .map((name) => ({ name, score: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, score }) => score <= limit && score < name.length)
    .sort((a, b) => a.score - b.score || compare(a.name, b.name))
  return scored.at(0)?.name
}
