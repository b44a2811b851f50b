import { tmpdir } from 'node:os'
import process from 'node:process'
import { compare } from '../../krm/compare.ts'
import { filtersOf, listText, runOn, type Subject } from '../subject.ts'
import { view } from '../view.ts'

export async function idempotent(subject: Subject, input: string): Promise<readonly string[]> {
  const once = await runOn(subject, input)
  if (typeof once === 'string') return [once]
  const twice = await runOn(subject, once.text)
  if (typeof twice === 'string') return [`the second run ${twice}`]
  return twice.text === once.text ? [] : [firstDifference('the second run', once.text, twice.text)]
}

export async function order(subject: Subject, input: string): Promise<readonly string[]> {
  const seen = view(input)
  if (typeof seen === 'string') return [`the input is no ResourceList: ${seen}`]
  const items = seen.items.map(({ value }) => value)
  const straight = await filterSet(subject, listText(items, seen.functionConfig))
  const orders: Readonly<Record<string, readonly unknown[]>> = {
    'in reverse': items.toReversed(),
    rotated: [...items.slice(items.length / 2), ...items.slice(0, items.length / 2)],
    interleaved: [...items.filter((_, index) => index % 2 === 1), ...items.filter((_, index) => index % 2 === 0)],
  }
  const violations: string[] = []
  for (const [name, shuffled] of Object.entries(orders)) {
    const other = await filterSet(subject, listText(shuffled, seen.functionConfig))
    if (other !== straight) violations.push(firstDifference(`with the items ${name}, the output`, straight, other))
  }
  return violations
}

/** The filters and the exit code as one comparable text. Which of two twins a result names may depend on the order. */
async function filterSet(subject: Subject, input: string): Promise<string> {
  const run = await runOn(subject, input)
  if (typeof run === 'string') return run
  const filters = filtersOf(subject, run.view).map((filter) => JSON.stringify(filter))
  return [`exit code ${run.exitCode}`, ...filters.sort(compare)].join('\n')
}

export async function elsewhere(subject: Subject, input: string): Promise<readonly string[]> {
  const here = await subject.run(input)
  const there = await inAnotherPlace(() => subject.run(input))
  if (here.output === there.output && here.messages === there.messages) return []
  return [firstDifference('in another place', `${here.output}${here.messages}`, `${there.output}${there.messages}`)]
}

/** Everything that a function must not look at, changed while `f` runs. */
async function inAnotherPlace<A>(f: () => Promise<A>): Promise<A> {
  const { random } = Math
  const { now } = Date
  // Taken to be put back, never called without its receiver.
  const localeCompare = Object.getOwnPropertyDescriptor(String.prototype, 'localeCompare')
  const zone = process.env.TZ
  const language = process.env.LC_ALL
  const folder = process.cwd()
  try {
    Math.random = () => 0.123456789
    Date.now = () => 0
    // The alphabet backwards: whoever sorts by locale is found out.
    Object.defineProperty(String.prototype, 'localeCompare', {
      configurable: true,
      writable: true,
      value: function backwards(this: string, other: string) {
        return compare(other, String(this))
      },
    })
    process.env.TZ = zone === 'Pacific/Kiritimati' ? 'America/Adak' : 'Pacific/Kiritimati'
    process.env.LC_ALL = 'tr_TR.UTF-8'
    process.chdir(tmpdir())
    return await f()
  } finally {
    process.chdir(folder)
    restore('TZ', zone)
    restore('LC_ALL', language)
    if (localeCompare !== undefined) Object.defineProperty(String.prototype, 'localeCompare', localeCompare)
    Date.now = now
    Math.random = random
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}

/** The first line in which two texts differ, quoted. */
export function firstDifference(what: string, expected: string, actual: string): string {
  const wanted = expected.split('\n')
  const found = actual.split('\n')
  const line = wanted.findIndex((text, index) => text !== found[index])
  const at = line === -1 ? wanted.length : line
  return `${what} differs at line ${at + 1}: ${JSON.stringify(wanted[at] ?? '(end)')} became ${JSON.stringify(found[at] ?? '(end)')}`
}
