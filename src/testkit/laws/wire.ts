import { compare } from '../../krm/compare.ts'
import { filtersOf, isOurs, judged, listText, type Run, runOn, type Subject } from '../subject.ts'
import { nameOf, type View, view } from '../view.ts'
import { firstDifference } from './same-bytes.ts'

export async function foreignBytes(subject: Subject, input: string): Promise<readonly string[]> {
  const texts = [input, ...(input.includes('\r') ? [] : [input.replaceAll('\n', '\r\n')])]
  const violations: string[] = []
  for (const text of texts)
    violations.push(...(await judged(subject, text, (before, run) => lostBytes(subject, text, before, run))))
  return violations
}

function lostBytes(subject: Subject, input: string, before: View, run: Run): readonly string[] {
  const isForeign = before.items.map((item) => !isOurs(subject, item))
  const wanted = before.items.filter((_, index) => isForeign[index])
  const found = run.view.items.filter((item) => !isOurs(subject, item))
  if (found.length !== wanted.length) return [`${wanted.length} foreign items came, ${found.length} left`]
  const violations = wanted.flatMap((item, index) =>
    item.text === found[index]?.text
      ? []
      : [firstDifference(`item ${index} (${nameOf(item.value)})`, item.text, found[index]?.text ?? '')],
  )
  return [
    ...violations,
    ...lostComments(
      input,
      run.text,
      before.items.filter((_, index) => !isForeign[index]),
    ),
  ]
}

/** Comments belong to the user wherever they stand, unless they stand in what is dropped. */
function lostComments(
  input: string,
  output: string,
  dropped: readonly { readonly textWithGap: string }[],
): readonly string[] {
  const kept = dropped.reduce((text, { textWithGap }) => text.replace(textWithGap, ''), input)
  const left = new Map<string, number>()
  for (const comment of comments(output)) left.set(comment, (left.get(comment) ?? 0) + 1)
  return comments(kept).flatMap((comment) => {
    const count = left.get(comment) ?? 0
    left.set(comment, count - 1)
    return count > 0 ? [] : [`the comment ${JSON.stringify(comment)} is lost`]
  })
}

function comments(text: string): readonly string[] {
  return text.split(/\r?\n/).flatMap((line) => /(?:^|\s)#.*$/.exec(line)?.[0].trim() ?? [])
}

export async function encodings(subject: Subject, input: string): Promise<readonly string[]> {
  const plain = await runOn(subject, input)
  if (typeof plain === 'string') return [plain]
  const crlf = await runOn(subject, input.replaceAll(/\r?\n/g, '\r\n'))
  const mark = await runOn(subject, `\uFEFF${input}`)
  const json = await runOn(subject, jsonOf(input))
  return [
    ...sameText('with CRLF', plain, crlf, (text) => text.replaceAll('\r\n', '\n')),
    ...sameText('with a byte order mark', plain, mark, (text) => text.replace(/^\uFEFF/, '')),
    ...sameMeaning(subject, 'as JSON', plain, json),
    ...(typeof json === 'string' || isJson(json.text) ? [] : ['JSON came, something else left']),
    ...(typeof mark === 'string' || mark.text.startsWith('\uFEFF') ? [] : ['the byte order mark is lost']),
  ]
}

function jsonOf(input: string): string {
  const seen = view(input)
  return typeof seen === 'string'
    ? input
    : listText(
        seen.items.map(({ value }) => value),
        seen.functionConfig,
      )
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function sameText(
  how: string,
  plain: Run,
  other: Run | string,
  normalize: (text: string) => string,
): readonly string[] {
  if (typeof other === 'string') return [`${how}, it ${other}`]
  const [wanted, found] = [plain.text.replaceAll('\r\n', '\n'), normalize(other.text)]
  return wanted === found ? [] : [firstDifference(`${how}, the output`, wanted, found)]
}

function sameMeaning(subject: Subject, how: string, plain: Run, other: Run | string): readonly string[] {
  if (typeof other === 'string') return [`${how}, it ${other}`]
  const meaning = ({ view: seen, exitCode }: Run) =>
    [exitCode, ...filtersOf(subject, seen), ...seen.results]
      .map((value) => JSON.stringify(sortedKeys(value)))
      .join('\n')
  const [wanted, found] = [meaning(plain), meaning(other)]
  return wanted === found ? [] : [firstDifference(`${how}, the output`, wanted, found)]
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => compare(a, b))
      .map(([key, inner]) => [key, sortedKeys(inner)]),
  )
}
