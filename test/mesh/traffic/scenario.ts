import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { KubernetesObject } from '../../../src/krm/object.ts'
import { isObject, labelsAt, listAt, numberAt, objectAt, stringsAt, textAt } from '../json.ts'
import { isManifest } from '../view/manifest.ts'

/** One way to render and run a function's mesh. */
export interface MeshVariant {
  readonly name: string
  readonly functionConfig?: KubernetesObject
  readonly mtls: 'PERMISSIVE' | 'STRICT' | 'DISABLE'
  /** Envoys to run it on; absent: every one that is proven. */
  readonly envoys?: readonly string[]
}

/** A line of the table: these calls must end so. */
export interface Scenario {
  readonly name: string
  /** Names of the meshes it holds in; absent: all. */
  readonly meshes?: readonly string[]
  /** Workloads to restart before the calls. */
  readonly restart: readonly string[]
  /** The workload that calls, and which program in its pod does; absent: that of its container. */
  readonly from: string
  readonly via?: string
  /** `host:port` */
  readonly to: string
  readonly times: number
  /** What else the calling program is told. */
  readonly call: object
  readonly expect: Expectation
}

export interface Expectation {
  /** How many of the calls each workload answers: a number, `some`, or a percentage. Others: none. */
  readonly reached?: Readonly<Record<string, string>>
  /** Regular expression that every answer, or every error, matches. */
  readonly value?: string
  readonly error?: string
  /** Workload -> counter of its sidecar (`*` is any text) -> how much it grows: `7`, `at least 1`. */
  readonly counters: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Envoy versions on which the caller's sidecar dies afterwards. */
  readonly dies?: readonly string[]
}

export interface ScenarioTable {
  readonly meshes: readonly MeshVariant[]
  readonly scenarios: readonly Scenario[]
}

/** Reads `scenarios.yaml`. A key that it does not know is an error: a misspelt expectation would expect nothing. */
export function readScenarios(file: string): ScenarioTable {
  const table: unknown = parse(readFileSync(file, 'utf8'))
  only(table, ['meshes', 'scenarios'], file)
  const meshes = Object.entries(objectAt(table, 'meshes')).map(([name, value]) => meshVariant(name, value, file))
  const scenarios = listAt(table, 'scenarios').map((value, index) => scenario(value, `${file}, scenario ${index + 1}`))
  const names = scenarios.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`${file}: two scenarios are named "${twice}"`)
  return { meshes, scenarios }
}

function meshVariant(name: string, value: unknown, file: string): MeshVariant {
  only(value ?? {}, ['functionConfig', 'mtls', 'envoys'], `${file}, mesh ${name}`)
  const mtls = textAt(value, 'mtls') ?? 'PERMISSIVE'
  if (mtls !== 'PERMISSIVE' && mtls !== 'STRICT' && mtls !== 'DISABLE')
    throw new Error(`${file}, mesh ${name}: \`mtls\` must be PERMISSIVE, STRICT or DISABLE, not "${mtls}"`)
  const functionConfig = [objectAt(value, 'functionConfig')].find(isManifest)
  const envoys = stringsAt(value, 'envoys')
  return {
    name,
    mtls,
    ...(functionConfig === undefined ? {} : { functionConfig }),
    ...(envoys.length === 0 ? {} : { envoys }),
  }
}

function scenario(value: unknown, where: string): Scenario {
  only(value, ['name', 'meshes', 'restart', 'from', 'via', 'to', 'times', 'call', 'expect'], where)
  const via = textAt(value, 'via')
  const meshes = stringsAt(value, 'meshes')
  return {
    name: needed(value, 'name', where),
    from: needed(value, 'from', where),
    to: needed(value, 'to', where),
    ...(meshes.length === 0 ? {} : { meshes }),
    ...(via === undefined ? {} : { via }),
    restart: stringsAt(value, 'restart'),
    times: numberAt(value, 'times') ?? 1,
    call: objectAt(value, 'call'),
    expect: expectation(objectAt(value, 'expect'), where),
  }
}

function expectation(value: object, where: string): Expectation {
  only(value, ['reached', 'value', 'error', 'counters', 'dies'], where)
  if (Object.keys(value).length === 0) throw new Error(`${where}: expects nothing`)
  const answer = textAt(value, 'value')
  const error = textAt(value, 'error')
  const counters = Object.entries(objectAt(value, 'counters')).map(([pod, wanted]) => [pod, labelsAt(wanted)] as const)
  return {
    ...('reached' in value ? { reached: labelsAt(value, 'reached') } : {}),
    ...(answer === undefined ? {} : { value: answer }),
    ...(error === undefined ? {} : { error }),
    ...('dies' in value ? { dies: stringsAt(value, 'dies') } : {}),
    counters: Object.fromEntries(counters),
  }
}

function needed(value: unknown, key: string, where: string): string {
  const text = textAt(value, key)
  if (text === undefined) throw new Error(`${where}: \`${key}\` must be a text`)
  return text
}

function only(value: unknown, known: readonly string[], where: string): void {
  if (!isObject(value)) throw new Error(`${where}: must be a map`)
  const strange = Object.keys(value).find((key) => !known.includes(key))
  if (strange !== undefined) throw new Error(`${where}: \`${strange}\` is none of ${known.join(', ')}`)
}
