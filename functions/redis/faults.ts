import {
  all,
  below,
  compare,
  type Diagnostics,
  error,
  fail,
  type MeshProfile,
  map,
  type Outcome,
  ok,
  type Place,
  type RuntimeFractionalPercent,
  say,
  warning,
} from 'meltemi'
import { both } from './both.ts'
import { commandNames, type Idle, idleBecause } from './commands.ts'
import type { Declared } from './declared.ts'
import { duration } from './durations.ts'
import type { Fault, RedisServiceSpec } from './kinds.ts'
import { fraction } from './percentages.ts'

/** A fault that redis_proxy is to inject. */
export interface FaultRule {
  readonly type: 'DELAY' | 'ERROR'
  readonly place: Place
  /** From 1 to 100, whole. */
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
export function faultRules(
  { spec, place }: Declared<RedisServiceSpec>,
  profile: MeshProfile,
): Outcome<readonly FaultRule[]> {
  const { faults = [], settings: { customCommands = [] } = {} } = spec
  const list = below(place, 'faults')
  const rules = all(faults.map((fault, i) => faultRule(fault, below(list, i))))
  const idle = faults.flatMap((fault, i) => {
    if (shareOf(fault) === 0) return []
    const { commands = [] } = fault
    const names = commands.map((command) => command.toLowerCase())
    return commands.flatMap((command, j) => {
      if (names.indexOf(command.toLowerCase()) < j) return []
      const place = below(below(below(list, i), 'commands'), j)
      return idleCommand(command, place, idleBecause(command, customCommands, profile))
    })
  })
  return say(
    map(rules, (found) => found.filter((rule) => rule !== undefined)),
    idle,
  )
}

/** Envoy takes any name, and a fault of one that never comes is never injected. */
function idleCommand(command: string, place: Place, idle: Idle | undefined): Diagnostics {
  if (idle === undefined) return []
  const { message, meant } = idle
  return [warning(place, message, { currentValue: command, ...(meant === undefined ? {} : { proposedValue: meant }) })]
}

/** Without a percentage every time; `percentage: {}` is protobuf's zero. */
function shareOf({ percentage }: Fault): number {
  return percentage === undefined ? 100 : (percentage.value ?? 0)
}

function faultRule(fault: Fault, place: Place): Outcome<FaultRule | undefined> {
  const { type = 'DELAY', percentage, delay, commands = [] } = fault
  if (type === 'DELAY' && delay === undefined)
    return fail([error(place, 'must have a `delay`, such as `0.2s`, as its `type` is DELAY (the default)')])
  const time = delay === undefined ? ok(undefined) : duration(delay, below(place, 'delay'))
  const whole = wholePercentage(
    shareOf(fault),
    percentage === undefined ? place : below(below(place, 'percentage'), 'value'),
  )
  return both(time, whole, (value, number): FaultRule | undefined => {
    const names = [...commandNames(commands)].sort(compare)
    const rule = { type, place, percentage: number, commands: names, ...(value === undefined ? {} : { delay: value }) }
    return number === 0 ? undefined : rule
  })
}

/** Envoy turns a fault's fraction into whole percents, and drops the rest: 0.5 % would never happen. */
export function wholePercentage(percentage: number, place: Place): Outcome<number> {
  if (Number.isInteger(percentage) && percentage >= 0 && percentage <= 100) return ok(percentage)
  const message =
    'must be a whole number from 0 to 100: redis_proxy counts faults in whole percents, and drops the rest'
  return fail([error(place, message, { currentValue: percentage })])
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
    if (last === undefined || sum <= 100) continue
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
