import { isOwnedBy } from '../envoyfilter/owner.ts'
import type { KubernetesObject } from '../krm/object.ts'
import { type Execution, execute } from '../sdk/execute.ts'
import type { Protocol } from '../sdk/protocol.ts'
import { type ItemView, read, type View, view } from './view.ts'

/** What a law judges: a protocol, and the function that serves it. */
export interface Subject {
  readonly protocol: Protocol
  /** Text in, text out, as the process does it. */
  readonly run: (text: string) => Promise<Execution>
}

export function subjectOf(protocol: Protocol): Subject {
  return { protocol, run: (text) => execute(text, protocol) }
}

/** A run that printed a list. */
export interface Run {
  readonly text: string
  readonly exitCode: 0 | 1
  /** What went to stderr. */
  readonly messages: string
  readonly view: View
}

/** Runs the subject; a run without a list is a broken promise, and the reason is returned instead. */
export async function runOn(subject: Subject, input: string): Promise<Run | string> {
  const { output, exitCode, messages } = await subject.run(input)
  if (output === undefined) return `printed no list: ${messages.trim()}`
  const seen = view(output)
  return typeof seen === 'string'
    ? `printed no ResourceList: ${seen}`
    : { text: output, exitCode, messages, view: seen }
}

/** What a law says of an input and the run on it; what is no list, or leaves none, is said instead. */
export async function judged(
  subject: Subject,
  input: string,
  judge: (before: View, run: Run) => readonly string[] | Promise<readonly string[]>,
): Promise<readonly string[]> {
  const before = view(input)
  if (typeof before === 'string') return [`the input is no ResourceList: ${before}`]
  const run = await runOn(subject, input)
  return typeof run === 'string' ? [run] : judge(before, run)
}

/** Whether an item is an output of the subject's function. */
export function isOurs(subject: Subject, item: ItemView): boolean {
  return isObject(item.value) && isOwnedBy(subject.protocol.name, item.value)
}

/** What the function made, as values, in the order of the output. */
export function filtersOf(subject: Subject, { items }: View): readonly unknown[] {
  return items.filter((item) => isOurs(subject, item)).map(({ value }) => value)
}

function isObject(value: unknown): value is KubernetesObject {
  return (
    typeof read(value, 'kind') === 'string' &&
    typeof read(value, 'apiVersion') === 'string' &&
    typeof read(value, 'metadata', 'name') === 'string'
  )
}

/** A ResourceList in JSON, which is also YAML. */
export function listText(items: readonly unknown[], functionConfig?: unknown): string {
  return JSON.stringify({
    apiVersion: 'config.kubernetes.io/v1',
    kind: 'ResourceList',
    items,
    ...(functionConfig === undefined ? {} : { functionConfig }),
  })
}
