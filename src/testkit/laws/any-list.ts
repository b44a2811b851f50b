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
  for (const spoilt of [...spoiltLists(items), ...spoiltFields(items, seen.functionConfig)]) {
    violations.push(...(await unanswered(subject, spoilt)).map((problem) => `with ${spoilt.what}, ${problem}`))
  }
  return violations
}

interface Spoilt {
  readonly what: string
  readonly text: string
  /** Whether it still is a ResourceList, which must be printed; what is none may be refused as a whole. */
  readonly isList: boolean
}

function spoiltLists(items: readonly unknown[]): readonly Spoilt[] {
  const envelope = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList' }
  const others = [null, 'x', {}].map((value) => ({
    what: `\`items: ${JSON.stringify(value)}\``,
    list: { ...envelope, items: value },
  }))
  const strangers = [null, 'x', []].map((value) => ({
    what: `the item ${JSON.stringify(value)}`,
    list: { ...envelope, items: [...items, value] },
  }))
  const broken = [{ what: 'no `items`', list: envelope }, ...others, ...strangers]
  return [
    ...broken.map(({ what, list }) => ({ what, text: JSON.stringify(list), isList: false })),
    { what: 'an empty item', text: listText([...items, {}]), isList: true },
    { what: 'every item twice', text: listText([...items, ...items]), isList: true },
  ]
}

/** One field at a time becomes junk, spread evenly over all fields. */
function spoiltFields(items: readonly unknown[], functionConfig: unknown): readonly Spoilt[] {
  const root = { items, functionConfig }
  const paths = [...pathsOf(root)].filter((path) => path.length > 2 || path[0] === 'functionConfig')
  const step = Math.max(1, paths.length / MOST)
  return Array.from({ length: Math.min(MOST, paths.length) }, (_, index) => {
    const path = paths[Math.floor(index * step)] ?? []
    const value = JUNK[index % JUNK.length]
    const spoilt = replaced(root, path, value)
    const list = read(spoilt, 'items')
    return {
      what: `\`${path.join('.')}: ${JSON.stringify(value)}\``,
      text: listText(Array.isArray(list) ? list : [], read(spoilt, 'functionConfig')),
      isList: true,
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

async function unanswered(subject: Subject, { text, isList }: Spoilt): Promise<readonly string[]> {
  try {
    const { output, exitCode, messages } = await subject.run(text)
    const isRefused = !isList && exitCode === 1 && messages !== ''
    if (output === undefined) return isRefused ? [] : ['no list is printed']
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
