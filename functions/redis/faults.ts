import {
  all,
  below,
  compare,
  error,
  fail,
  map,
  type Outcome,
  ok,
  type Place,
  type RuntimeFractionalPercent,
} from 'meltemi'
import { duration } from './durations.ts'
import type { Fault } from './kinds.ts'
import { fraction } from './percentages.ts'

/** A fault that redis_proxy is to inject. */
export interface FaultRule {
  readonly type: 'DELAY' | 'ERROR'
  readonly place: Place
  /** Above 0 and at most 100. */
  readonly percentage: number
  readonly delay?: string
  /** In lower case; empty: every command but AUTH and PING. */
  readonly commands: readonly string[]
}

/** Envoy's RedisProxy.RedisFault. */
export interface RedisFault {
  readonly fault_type: 'DELAY' | 'ERROR'
  readonly fault_enabled: RuntimeFractionalPercent
  readonly delay?: string
  readonly commands?: readonly string[]
}

/** `faults[]` of a RedisService. One of 0 % is none. */
export function faultRules(faults: readonly Fault[], place: Place): Outcome<readonly FaultRule[]> {
  const rules = all(faults.map((fault, i) => faultRule(fault, below(place, i))))
  return map(rules, (found) => found.filter((rule) => rule !== undefined))
}

function faultRule(
  { type = 'DELAY', percentage, delay, commands = [] }: Fault,
  place: Place,
): Outcome<FaultRule | undefined> {
  const share = percentage === undefined ? 100 : (percentage.value ?? 0)
  if (type === 'DELAY' && delay === undefined)
    return fail([error(place, 'must have a `delay`, such as `0.2s`, as its `type` is DELAY (the default)')])
  const time = delay === undefined ? ok(undefined) : duration(delay, below(place, 'delay'))
  return map(time, (value): FaultRule | undefined => {
    const names = [...new Set(commands.map((command) => command.toLowerCase()))].sort(compare)
    const rule = { type, place, percentage: share, commands: names, ...(value === undefined ? {} : { delay: value }) }
    return share === 0 ? undefined : rule
  })
}

/** Envoy throws one die for all faults of a command and does not check that they leave room for each other. */
export function redisFaults(rules: readonly FaultRule[]): Outcome<readonly RedisFault[]> {
  const general = rules.filter(({ commands }) => commands.length === 0)
  const named = new Set(rules.flatMap(({ commands }) => commands))
  for (const command of [undefined, ...[...named].sort(compare)]) {
    const those =
      command === undefined
        ? general
        : rules.filter(({ commands }) => commands.length === 0 || commands.includes(command))
    const sum = those.reduce((total, { percentage }) => total + percentage, 0)
    const last = those.at(-1)
    // Sums of decimal fractions are off by a hair in binary.
    if (last === undefined || sum <= 100 + 1e-9) continue
    const whose = command === undefined ? 'every command' : command.toUpperCase()
    const message = `faults must sum to at most 100 % for each command: with this one ${whose} gets ${those.map(({ percentage }) => percentage).join(' + ')} %`
    return fail([error(last.place, message)])
  }
  return all(
    rules.map(({ type, place, percentage, delay, commands }) =>
      map(fraction(percentage, place), (share) => ({
        fault_type: type,
        fault_enabled: share,
        ...(delay === undefined ? {} : { delay }),
        ...(commands.length === 0 ? {} : { commands }),
      })),
    ),
  )
}
