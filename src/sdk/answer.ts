import { type Diagnostic, type Diagnostics, distinct, error } from '../krm/diagnostic.ts'
import { diagnosticsOf, type Outcome, resultOf } from '../krm/outcome.ts'
import type { ResourceList } from '../krm/resource-list.ts'
import { severedAliases } from '../krm/severed-aliases.ts'
import { shown } from '../krm/user-info.ts'
import { type Rendering, render } from './pipeline.ts'
import type { Protocol } from './protocol.ts'

/** What a function makes of a list, however the list came. */
export interface Answer {
  /** Absent: what came was no list. */
  readonly list?: ResourceList
  /** Absent: nothing changes. */
  readonly rendering?: Rendering
  readonly diagnostics: Diagnostics
}

/** Renders a list that was read; nothing is thrown, whatever a protocol does, and nothing is said that may not be shown. */
export async function answer<Config>(input: Outcome<ResourceList>, protocol: Protocol<Config>): Promise<Answer> {
  const found = await answerTo(input, protocol)
  return { ...found, diagnostics: distinct(found.diagnostics.map(shown)) }
}

async function answerTo<Config>(input: Outcome<ResourceList>, protocol: Protocol<Config>): Promise<Answer> {
  const list = resultOf(input)
  const said = diagnosticsOf(input)
  if (list === undefined) return { diagnostics: said }
  try {
    const outcome = await render(list, protocol)
    const rendering = resultOf(outcome)
    const severed = rendering === undefined ? [] : severedAliases(list, rendering.change)
    const diagnostics = [...said, ...diagnosticsOf(outcome), ...severed]
    return rendering === undefined || severed.length > 0 ? { list, diagnostics } : { list, rendering, diagnostics }
  } catch (thrown) {
    return { list, diagnostics: [...said, ourBug(thrown)] }
  }
}

function ourBug(thrown: unknown): Diagnostic {
  const reason =
    thrown instanceof Error
      ? `${thrown.message} (${thrown.stack?.split('\n')[1]?.trim() ?? 'no stack'})`
      : String(thrown)
  return error(undefined, `this is a bug in meltemi, please report it; the list is unchanged: ${reason}`)
}
