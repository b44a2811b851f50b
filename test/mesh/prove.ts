/**
 * `npm run prove -- <folder>`: what the EnvoyFilters of a folder of rendered manifests, ours or anybody's, do to a mesh:
 * which patch changes what on which proxy, which changes nothing and why, and which Envoy refuses it and why. Exit 1 if a
 * patch changes nothing or an Envoy refuses the result. Renders nothing, and needs no cluster.
 */
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { table } from '../../src/cli/table.ts'
import { type Case, readPackage } from './cases.ts'
import { type Translation, translate } from './check-case.ts'
import type { Trial } from './checks/envoy.ts'
import { listAt } from './json.ts'
import { lackingInIstio, loadAll, unprovable } from './load.ts'
import { patchRows, touchedBy } from './prove-rows.ts'
import { envoyVersions } from './setup/envoy-binary.ts'
import { missingNeeds } from './setup/need.ts'
import { type Tools, withTools } from './tools.ts'

const { values, positionals } = parseArgs({
  options: { 'without-envoy': { type: 'boolean', default: false } },
  allowPositionals: true,
})

function caseOf(folder: string): Case {
  const objects = readPackage(folder)
  const filters = objects.filter(
    ({ kind, apiVersion }) => kind === 'EnvoyFilter' && apiVersion.startsWith('networking.istio.io/'),
  )
  return {
    name: 'prove',
    protocol: '',
    manifests: objects.filter((object) => !filters.includes(object)),
    filters,
    overlay: [],
    explained: new Set(),
  }
}

/** Prints what is found; whether everything is proven. */
async function prove(one: Case, tools: Tools): Promise<boolean> {
  const minors = envoyVersions().map(({ istio }) => istio)
  const translations = new Map<string, Translation>()
  for (const istio of minors) translations.set(istio, await translate(one, tools.controlPlane, istio))
  const all = [...translations.values()]
  const { rows, idle } = patchRows(all)
  for (const line of table([['ENVOYFILTER', 'PATCH', 'ON', 'CHANGES'], ...rows])) console.log(line)
  for (const text of all.at(-1)?.refused ?? []) console.log(`\nleft out, as Istio's admission refuses it: ${text}`)
  const admission = (all.at(-1)?.findings ?? []).filter(({ check }) => check === 'admission' || check === 'shape')
  for (const { message } of admission) console.log(`\n${message}`)
  const trials: Trial[] = []
  for (const envoy of tools.envoys) {
    const translation = translations.get(envoy.istio)
    if (translation !== undefined)
      trials.push(...(await loadAll(`prove-${envoy.istio}`, translation, { ...tools, envoys: [envoy] })))
  }
  const verdicts = trials.map((trial) => verdictOf(trial, all.at(-1)))
  console.log('')
  for (const line of table([['ENVOY', 'PROXY', 'VERDICT'], ...verdicts.map(({ row }) => row)])) console.log(line)
  const refused = verdicts.filter(({ isRefused }) => isRefused).length
  console.log(
    `\n${rows.length - idle} of ${rows.length} patches change something; ${refused} of ${trials.length} proxies refuse the result`,
  )
  return idle === 0 && refused === 0 && admission.length === 0
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

async function main(): Promise<number> {
  const [folder] = positionals
  if (folder === undefined || positionals.length > 1 || !existsSync(folder)) {
    console.error('usage: npm run prove -- [--without-envoy] <folder or file of rendered manifests>')
    return 2
  }
  const one = caseOf(folder)
  if (one.filters.flatMap((filter) => listAt(filter, 'spec', 'configPatches')).length === 0) {
    console.error(`${folder} holds no EnvoyFilter with patches`)
    return 1
  }
  const envoys = !values['without-envoy']
  const missing = await missingNeeds({ envoys, java: false })
  for (const line of missing) console.error(`not proven: ${line}`)
  if (missing.length > 0) return 1
  const root = dirname(dirname(import.meta.dirname))
  return (await withTools(root, { envoys }, (tools) => prove(one, tools))) ? 0 : 1
}

process.exitCode = await main()
