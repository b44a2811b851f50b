import { hasError } from '../krm/diagnostic.ts'
import { read } from '../krm/read.ts'
import type { Change } from '../krm/resource-list.ts'
import { write } from '../krm/write.ts'
import { answer } from './answer.ts'
import { messageLines } from './message-lines.ts'
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
  const { list, rendering, diagnostics } = await answer(await read(text, readsOf(protocol)), protocol)
  return {
    output: list === undefined ? undefined : write(list, rendering?.change ?? NO_CHANGE, diagnostics),
    messages: messageLines(diagnostics),
    exitCode: list === undefined || hasError(diagnostics) ? 1 : 0,
  }
}
