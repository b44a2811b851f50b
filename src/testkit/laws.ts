import { addresses, exitCode } from './laws/answers.ts'
import { anyList } from './laws/any-list.ts'
import { local } from './laws/local.ts'
import { nothingSilent } from './laws/nothing-silent.ts'
import { namesItsPort } from './laws/ports.ts'
import { pruning } from './laws/pruning.ts'
import { elsewhere, idempotent, order } from './laws/same-bytes.ts'
import { schemas } from './laws/schemas.ts'
import { encodings, foreignBytes } from './laws/wire.ts'
import type { Subject } from './subject.ts'

/**
 * Something that holds for every input of every protocol. It is derived from a case at no cost to the case's author.
 */
export interface Law {
  readonly name: string
  /** What is wrong, one sentence each; empty: the law holds for this input. */
  readonly violations: (subject: Subject, input: string) => Promise<readonly string[]>
}

/** Every law; an author of a protocol need not know them. */
export const laws: readonly Law[] = [
  { name: 'running it twice changes nothing more', violations: idempotent },
  { name: 'what is not ours leaves byte for byte as it came', violations: foreignBytes },
  { name: 'the order of the items changes no filter', violations: order },
  { name: 'another clock, time zone, locale and folder give the same bytes', violations: elsewhere },
  { name: 'CRLF, a byte order mark and JSON change nothing else', violations: encodings },
  { name: 'neighbours, unrelated or broken, change no filter', violations: local },
  { name: 'without its source a filter goes, and no other', violations: pruning },
  { name: 'a filter names the port that asked for it', violations: namesItsPort },
  { name: 'a port that asks for the protocol gets a filter or a result', violations: nothingSilent },
  { name: 'every result stands at something that the input has', violations: addresses },
  { name: 'Envoy takes every config, on every release of the range', violations: schemas },
  { name: 'the exit code and stderr follow from the results', violations: exitCode },
  { name: 'any ResourceList in, a valid one out', violations: anyList },
]
