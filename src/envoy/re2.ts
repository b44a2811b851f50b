import { type Diagnostics, error } from '../krm/diagnostic.ts'
import type { StringMatch } from '../mesh/l7-port.ts'
import type { EnvoyMinor } from './schema/minors.ts'
import { re2Problems, refusingMinors } from './schema/regex.ts'

/**
 * Envoy compiles every `safe_regex` with RE2 and rejects the whole listener when one does not compile, so those that people
 * write are compiled here first, and named where they stand. `minors`: the Envoys that the output must load on.
 */
export async function checkRegexes(
  matches: Iterable<StringMatch>,
  minors: readonly EnvoyMinor[],
): Promise<Diagnostics> {
  const regexes = [...matches].filter((match) => match.type === 'regex')
  const problems = await re2Problems(regexes.map(({ value }) => value))
  return regexes.flatMap(({ place, value }, index) => {
    const problem = problems[index]
    if (problem === undefined || refusingMinors(problem, minors).length === 0) return []
    return [
      error(
        place,
        `${problem.message}. It must match the whole string: \`.*\` is needed at the ends of a partial match`,
        { currentValue: value },
      ),
    ]
  })
}
