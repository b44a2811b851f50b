import { judged, runOn, type Subject } from '../subject.ts'
import { has, nameOf, read, text, type View } from '../view.ts'

export function addresses(subject: Subject, input: string): Promise<readonly string[]> {
  return judged(subject, input, (before, run) => run.view.results.flatMap((result) => misplaced(result, before)))
}

/** Both generations of the host's annotation. */
const PATHS = ['internal.config.kubernetes.io/path', 'config.kubernetes.io/path'] as const

function misplaced(result: unknown, { items, functionConfig }: View): readonly string[] {
  const ref = read(result, 'resourceRef')
  const path = read(result, 'field', 'path')
  const what = `the result ${JSON.stringify(read(result, 'message'))}`
  if (ref === undefined) return path === undefined ? [] : [`${what} has a field and no resourceRef`]
  const objects = [...items.map(({ value }) => value), ...(functionConfig === undefined ? [] : [functionConfig])]
  const named = objects.filter((object) => isNamed(object, ref))
  if (named.length === 0) return [`${what} names ${JSON.stringify(ref)}, which is not in the input`]
  const steps = stepsOf(text(path))
  const there = named.filter((object) => has(object, steps))
  if (there.length === 0) return [`${what} stands at \`${text(path)}\`, which ${nameOf(named[0])} does not have`]
  const file = read(result, 'file', 'path')
  const files = there.flatMap((object) => PATHS.map((key) => read(object, 'metadata', 'annotations', key)))
  return file === undefined || files.includes(file)
    ? []
    : [`${what} names the file ${String(file)}, not ${files.join(', ')}`]
}

function isNamed(object: unknown, ref: unknown): boolean {
  return (
    read(object, 'apiVersion') === read(ref, 'apiVersion') &&
    read(object, 'kind') === read(ref, 'kind') &&
    read(object, 'metadata', 'name') === read(ref, 'name') &&
    read(object, 'metadata', 'namespace') === read(ref, 'namespace')
  )
}

/** `spec.ports[0]["a.b"]` as steps. */
export function stepsOf(path: string): readonly (string | number)[] {
  const steps = path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)
  return [...steps].map(([, index, quoted, plain]) => {
    if (index !== undefined) return Number(index)
    return quoted === undefined ? (plain ?? '') : String(JSON.parse(`"${quoted}"`))
  })
}

export async function exitCode(subject: Subject, input: string): Promise<readonly string[]> {
  const run = await runOn(subject, input)
  if (typeof run === 'string') return [run]
  const { results } = run.view
  const severities = results.map((result) => read(result, 'severity'))
  const expected = severities.includes('error') ? 1 : 0
  const lines = run.messages.split('\n').filter((line) => line !== '')
  const spoken = severities.filter((severity) => severity === 'error' || severity === 'warning').length
  return [
    ...results.flatMap((result) => malformed(result)),
    ...(run.exitCode === expected ? [] : [`the exit code is ${run.exitCode}, the results ask for ${expected}`]),
    ...(lines.length === spoken ? [] : [`stderr has ${lines.length} lines for ${spoken} errors and warnings`]),
  ]
}

/** What the specification and kpt ask of a result. */
export function malformed(result: unknown): readonly string[] {
  const { severity, message } = { severity: read(result, 'severity'), message: read(result, 'message') }
  const allowed = ['message', 'severity', 'resourceRef', 'field', 'file', 'tags']
  const extra = Object.keys(Object(result)).filter((key) => !allowed.includes(key))
  return [
    ...(['error', 'warning', 'info'].includes(text(severity))
      ? []
      : [`a result has the severity ${JSON.stringify(severity)}`]),
    ...(text(message) === '' ? ['a result has no message'] : []),
    ...(text(message).includes('this is a bug in meltemi') ? [`a bug of ours: ${text(message)}`] : []),
    ...extra.map((key) => `a result has the field \`${key}\`, which hosts drop`),
  ]
}
