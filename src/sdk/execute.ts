import { type Diagnostic, type Diagnostics, error } from '../krm/diagnostic.ts'
import { diagnosticsOf, resultOf } from '../krm/outcome.ts'
import { read } from '../krm/read.ts'
import type { Change, ResourceList } from '../krm/resource-list.ts'
import { severedAliases } from '../krm/severed-aliases.ts'
import { write } from '../krm/write.ts'
import { messageLines } from './message-lines.ts'
import { render } from './pipeline.ts'
import type { Protocol } from './protocol.ts'
import { readsOf } from './reads.ts'

/** What a run leaves behind. Without `output` there is no list to print: stdin held none. */
export interface Execution {
  readonly output: string | undefined
  /** For stderr: a line for each error and warning. */
  readonly messages: string
  readonly exitCode: 0 | 1
}

const NO_CHANGE: Change = { dropped: new Set(), added: [] }

/** Text in, text out; nothing is thrown, whatever the text is and whatever a protocol does. */
export async function execute<Config>(text: string, protocol: Protocol<Config>): Promise<Execution> {
  const input = await read(text, readsOf(protocol))
  const list = resultOf(input)
  if (list === undefined) return { output: undefined, messages: messageLines(diagnosticsOf(input)), exitCode: 1 }
  const { change, diagnostics } = await renderSafely(list, protocol)
  const said = [...diagnosticsOf(input), ...diagnostics]
  return {
    output: write(list, change, said),
    messages: messageLines(said),
    exitCode: said.some(({ severity }) => severity === 'error') ? 1 : 0,
  }
}

interface Rendered {
  readonly change: Change
  readonly diagnostics: Diagnostics
}

async function renderSafely<Config>(list: ResourceList, protocol: Protocol<Config>): Promise<Rendered> {
  try {
    const outcome = await render(list, protocol)
    const change = resultOf(outcome)?.change ?? NO_CHANGE
    const severed = severedAliases(list, change)
    if (severed.length > 0) return { change: NO_CHANGE, diagnostics: [...diagnosticsOf(outcome), ...severed] }
    return { change, diagnostics: diagnosticsOf(outcome) }
  } catch (thrown) {
    return { change: NO_CHANGE, diagnostics: [ourBug(thrown)] }
  }
}

function ourBug(thrown: unknown): Diagnostic {
  const reason =
    thrown instanceof Error
      ? `${thrown.message} (${thrown.stack?.split('\n')[1]?.trim() ?? 'no stack'})`
      : String(thrown)
  return error(undefined, `this is a bug in meltemi, please report it; the list is unchanged: ${reason}`)
}
