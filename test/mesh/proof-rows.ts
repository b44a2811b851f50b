import type { Translation } from './check-case.ts'
import { describeChange, type Effect } from './checks/effects.ts'
import { named, namespaceOf } from './view/manifest.ts'

export interface PatchRows {
  readonly rows: readonly (readonly string[])[]
  /** How many patches change nothing. */
  readonly idle: number
}

/** One row for each patch: what it changes on which proxies, on any of the proven Istio minors; or why nothing. */
export function patchRows(translations: readonly Translation[]): PatchRows {
  const [first] = translations
  const rows = (first?.effects ?? []).map(({ patch }, index) => {
    const id = `${namespaceOf(patch.filter)}/${patch.filter.metadata.name}`
    const effects = translations.flatMap((translation) => translation.effects[index] ?? [])
    const what = [...new Set(effects.flatMap(changesOf))]
    if (what.length > 0) return [id, String(patch.index), proxies(effects, translations), what.join('; ')]
    return [id, String(patch.index), '-', nothing(translations, `${named(patch.filter)} patch ${patch.index} `)]
  })
  return { rows, idle: rows.filter(([, , , what]) => what?.startsWith(NOTHING)).length }
}

function changesOf({ changes, before }: Effect): readonly string[] {
  return changes.map((change) => describeChange(change, before))
}

function proxies(effects: readonly Effect[], translations: readonly Translation[]): string {
  const touched = [...new Set(effects.flatMap(({ changes }) => changes.map(({ proxy }) => proxy)))].sort()
  const all = new Set(translations.flatMap(({ view }) => view.proxies.map(({ id }) => id)))
  return touched.length === all.size ? `all ${all.size} proxies` : touched.join(', ')
}

const NOTHING = 'NOTHING'

function nothing(translations: readonly Translation[], start: string): string {
  const messages = translations.flatMap(({ findings }) => findings.map(({ message }) => message))
  const message = messages.find((text) => text.startsWith(start))
  if (message === undefined) return 'nothing more: another patch says the same'
  return `${NOTHING}: ${message.slice(start.length).replace(/^.*?in silence: /, '')}`
}

/** EnvoyFilters that changed a listener or cluster which Envoy's words name; of those, the ones that hold what it names. */
export function touchedBy(reasons: readonly string[], proxy: string, { effects }: Translation): readonly string[] {
  const guilty = effects.filter(({ changes }) =>
    changes.some((change) => change.proxy === proxy && reasons.some((reason) => reason.includes(change.name))),
  )
  const quoted = reasons.flatMap((reason) => /'([\w.]+)'/.exec(reason)?.[1] ?? [])
  const holders = guilty.filter(({ patch }) => quoted.some((name) => JSON.stringify(patch.value).includes(name)))
  const blamed = holders.length > 0 ? holders : guilty
  return [...new Set(blamed.map(({ patch }) => `${namespaceOf(patch.filter)}/${patch.filter.metadata.name}`))]
}
