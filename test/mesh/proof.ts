import { table } from '../../src/cli/table.ts'
import type { KubernetesObject } from '../../src/krm/object.ts'
import type { Case } from './cases.ts'
import { type Translation, translate } from './check-case.ts'
import type { Trial } from './checks/envoy.ts'
import { lackingInIstio, loadAll, unprovable } from './load.ts'
import { patchRows, touchedBy } from './proof-rows.ts'
import { envoyVersions } from './setup/envoy-binary.ts'
import type { Tools } from './tools.ts'

/** A case of rendered manifests whose EnvoyFilters, whoever wrote them, are all to be proven. */
export function caseOfAll(objects: readonly KubernetesObject[]): Case {
  const filters = objects.filter(
    ({ kind, apiVersion }) => kind === 'EnvoyFilter' && apiVersion.startsWith('networking.istio.io/'),
  )
  return {
    name: 'prove',
    manifests: objects.filter((object) => !filters.includes(object)),
    filters,
    overlay: [],
    explained: new Set(),
  }
}

export interface Proof {
  /** The answer as text: two tables, and what else there is to say. */
  readonly lines: readonly string[]
  /** Whether every patch changes something, and Istio's admission and every proxy take all of it. */
  readonly isProven: boolean
}

/** Tries the EnvoyFilters of a case on every proven Istio minor and its Envoy. */
export async function proof(one: Case, tools: Tools): Promise<Proof> {
  const minors = envoyVersions().map(({ istio }) => istio)
  const translations = new Map<string, Translation>()
  for (const istio of minors) translations.set(istio, await translate(one, tools.controlPlane, istio))
  const all = [...translations.values()]
  const { rows, idle } = patchRows(all)
  const newest = all.at(-1)
  const admission = (newest?.findings ?? []).filter(({ check }) => check === 'admission').map(({ message }) => message)
  const leftOut = (newest?.refused ?? []).map((text) => `left out, as Istio's admission refuses it: ${text}`)
  const trials: Trial[] = []
  for (const envoy of tools.envoys) {
    const translation = translations.get(envoy.istio)
    if (translation !== undefined)
      trials.push(...(await loadAll(`prove-${envoy.istio}`, translation, { ...tools, envoys: [envoy] })))
  }
  const isTried = trials.length > 0 || tools.envoys.length === 0 || all.every(({ changed }) => changed.length === 0)
  const untried = isTried
    ? []
    : [`no Envoy was tried: \`istio.versions\` of the MeshProfile names none of ${minors.join(', ')}`]
  const verdicts = trials.map((trial) => verdictOf(trial, translations.get(trial.envoy.istio)))
  const refused = verdicts.filter(({ isRefused }) => isRefused).length
  const sum = `${rows.length - idle} of ${rows.length} patches change something; ${refused} of ${trials.length} proxies refuse the result`
  const parts = [
    table([['ENVOYFILTER', 'PATCH', 'ON', 'CHANGES'], ...rows]),
    leftOut,
    admission,
    trials.length === 0 ? [] : table([['ENVOY', 'PROXY', 'VERDICT'], ...verdicts.map(({ row }) => row)]),
    [...untried, sum],
  ]
  const lines = parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : ['', ...part]))
  return { lines, isProven: idle === 0 && refused === 0 && admission.length === 0 && isTried }
}

interface ProxyVerdict {
  readonly row: readonly string[]
  readonly isRefused: boolean
}

function verdictOf(trial: Trial, translation: Translation | undefined): ProxyVerdict {
  const { envoy, proxy, accepted, reasons } = trial
  const cells = (verdict: string): readonly string[] => [`${envoy.envoy} (Istio ${envoy.istio})`, proxy.id, verdict]
  if (translation === undefined) return { row: cells('not tried'), isRefused: true }
  const lacking = lackingInIstio(envoy, translation)
  if (lacking.length > 0) return { row: cells(`REFUSED: ${lacking.join('; ')}`), isRefused: true }
  if (accepted) return { row: cells('accepted'), isRefused: false }
  const unproven = unprovable(trial, translation)
  if (unproven !== undefined) return { row: cells(unproven), isRefused: false }
  const causes = touchedBy(reasons, proxy.id, translation)
  const said = causes.length === 0 ? '' : ` (changed by ${causes.join(', ')})`
  return { row: cells(`REFUSED: ${reasons.join('; ')}${said}`), isRefused: true }
}
