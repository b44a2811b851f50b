import { listText, type Subject } from '../subject.ts'
import { read, view } from '../view.ts'
import { malformed } from './answers.ts'

/** Values that people and templates really leave where something else belongs. */
const JUNK: readonly unknown[] = [null, '', 'x', 0, -1, 70000, 1.5, true, [], [null], {}, { x: 'y' }, 'ø\n- {', [[]]]

/** How many spoilt lists are made of one case: each costs a whole run. */
const MOST = 70

export async function anyList(subject: Subject, input: string): Promise<readonly string[]> {
  const seen = view(input)
  if (typeof seen === 'string') return [`the input is no ResourceList: ${seen}`]
  const items = seen.items.map(({ value }) => value)
  const violations: string[] = []
  for (const { what, text } of [...spoiltLists(items), ...spoiltFields(items, seen.functionConfig)]) {
    violations.push(...(await unanswered(subject, text)).map((problem) => `with ${what}, ${problem}`))
  }
  return violations
}

interface Spoilt {
  readonly what: string
  readonly text: string
}

function spoiltLists(items: readonly unknown[]): readonly Spoilt[] {
  const envelope = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList' }
  return [
    { what: 'no `items`', text: JSON.stringify(envelope) },
    ...[null, 'x', {}].map((value) => ({
      what: `\`items: ${JSON.stringify(value)}\``,
      text: JSON.stringify({ ...envelope, items: value }),
    })),
    ...[null, 'x', [], {}].map((value) => ({
      what: `the item ${JSON.stringify(value)}`,
      text: listText([...items, value]),
    })),
    { what: 'every item twice', text: listText([...items, ...items]) },
  ]
}

/** One field at a time becomes junk, spread evenly over all fields. */
function spoiltFields(items: readonly unknown[], functionConfig: unknown): readonly Spoilt[] {
  const root = { items, functionConfig }
  const paths = [...pathsOf(root)].filter((path) => path.length > 1)
  const step = Math.max(1, paths.length / MOST)
  return Array.from({ length: Math.min(MOST, paths.length) }, (_, index) => {
    const path = paths[Math.floor(index * step)] ?? []
    const value = JUNK[index % JUNK.length]
    const spoilt = replaced(root, path, value)
    const list = read(spoilt, 'items')
    return {
      what: `\`${path.join('.')}: ${JSON.stringify(value)}\``,
      text: listText(Array.isArray(list) ? list : [], read(spoilt, 'functionConfig')),
    }
  })
}

function* pathsOf(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    yield [...path, key]
    yield* pathsOf(inner, [...path, key])
  }
}

function replaced(value: unknown, [step, ...rest]: readonly string[], junk: unknown): unknown {
  if (step === undefined) return junk
  if (Array.isArray(value))
    return value.map((inner, index) => (String(index) === step ? replaced(inner, rest, junk) : inner))
  return { ...Object(value), [step]: replaced(read(value, step), rest, junk) }
}

async function unanswered(subject: Subject, text: string): Promise<readonly string[]> {
  try {
    const { output, exitCode } = await subject.run(text)
    if (output === undefined) return ['no list is printed']
    const seen = view(output)
    if (typeof seen === 'string') return [`what is printed is no ResourceList: ${seen}`]
    const isFailed = seen.results.some((result) => read(result, 'severity') === 'error')
    return [
      ...seen.results.flatMap(malformed),
      ...(exitCode === (isFailed ? 1 : 0) ? [] : [`the exit code ${exitCode} does not follow from the results`]),
    ]
  } catch (thrown) {
    return [`it throws ${String(thrown)}`]
  }
}
