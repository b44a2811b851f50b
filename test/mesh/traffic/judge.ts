import type { Reply } from './driver.ts'
import type { Expectation } from './scenario.ts'
import { believable } from './tolerance.ts'

/** What is not as the scenario says, one sentence each. */
export function judge(replies: readonly Reply[], expect: Expectation, times: number): readonly string[] {
  return [
    ...(replies.length === times ? [] : [`${replies.length} of ${times} calls were answered`]),
    ...(expect.reached === undefined ? [] : reachedFaults(replies, expect.reached, times)),
    ...textFaults(replies, expect),
  ]
}

function reachedFaults(
  replies: readonly Reply[],
  wanted: Readonly<Record<string, string>>,
  times: number,
): readonly string[] {
  const counts = new Map(Object.keys(wanted).map((name) => [name, 0]))
  for (const reply of replies) {
    const name = answeredBy(reply)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].flatMap(([name, count]) => {
    const fault = countFault(count, wanted[name] ?? '0', times)
    return fault === undefined ? [] : [`${name} answered ${count} of ${times} calls, ${fault}${example(replies, name)}`]
  })
}

const NOBODY = 'nobody'

/** A server begins its answer with its own name. */
function answeredBy(reply: Reply): string {
  return reply.value?.split(' ')[0] ?? NOBODY
}

function example(replies: readonly Reply[], name: string): string {
  const error = name === NOBODY ? replies.find((reply) => reply.error !== undefined)?.error : undefined
  return error === undefined ? '' : ` (the caller saw: ${error})`
}

function countFault(count: number, wanted: string, times: number): string | undefined {
  if (wanted === 'some') return count > 0 ? undefined : 'not some'
  if (wanted === 'all') return count === times ? undefined : 'not all'
  const percentage = /^(\d+(?:\.\d+)?)%$/.exec(wanted)?.[1]
  if (percentage === undefined) return count === Number(wanted) ? undefined : `not ${wanted}`
  const { least, most } = believable(times, Number(percentage) / 100)
  return count >= least && count <= most ? undefined : `not ${wanted} (${least} to ${most} would be believable)`
}

function textFaults(replies: readonly Reply[], { value, error }: Expectation): readonly string[] {
  const wrong = [
    ...replies
      .filter((reply) => value !== undefined && !new RegExp(value, 's').test(reply.value ?? ''))
      .map((reply) => unlike('answer', value, reply)),
    ...replies
      .filter((reply) => error !== undefined && !new RegExp(error, 's').test(reply.error ?? ''))
      .map((reply) => unlike('error', error, reply)),
  ]
  return wrong.slice(0, 1)
}

function unlike(what: string, wanted: string | undefined, reply: Reply): string {
  return `the ${what} must match /${wanted}/, and the caller saw ${JSON.stringify(reply)}`
}

/** Whether a counter's growth is as `7` or `at least 1` says. */
export function growthFault(growth: number, wanted: string): string | undefined {
  const least = /^at least (\d+)$/.exec(wanted)?.[1]
  const fits = least === undefined ? growth === Number(wanted) : growth >= Number(least)
  return fits ? undefined : `grew by ${growth}, not ${wanted}`
}
