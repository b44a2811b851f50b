/**
 * `npm run prove -- <folder>`: what the EnvoyFilters of a folder of rendered manifests, ours or anybody's, do to a mesh:
 * which patch changes what on which proxy, which changes nothing and why, and which Envoy refuses it and why. Exit 1 if a
 * patch changes nothing or an Envoy refuses the result. Renders nothing, and needs no cluster.
 */
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { readPackage } from './cases.ts'
import { listAt } from './json.ts'
import { caseOfAll, proof } from './proof.ts'
import { missingNeeds } from './setup/need.ts'
import { withTools } from './tools.ts'

const { values, positionals } = parseArgs({
  options: { 'without-envoy': { type: 'boolean', default: false } },
  allowPositionals: true,
})

async function main(): Promise<number> {
  const [folder] = positionals
  if (folder === undefined || positionals.length > 1 || !existsSync(folder)) {
    console.error('usage: npm run prove -- [--without-envoy] <folder or file of rendered manifests>')
    return 2
  }
  const one = caseOfAll(readPackage(folder))
  if (one.filters.flatMap((filter) => listAt(filter, 'spec', 'configPatches')).length === 0) {
    console.error(`${folder} holds no EnvoyFilter with patches`)
    return 1
  }
  const envoys = !values['without-envoy']
  const missing = await missingNeeds({ envoys })
  for (const line of missing) console.error(`not proven: ${line}`)
  if (missing.length > 0) return 1
  const root = dirname(dirname(import.meta.dirname))
  const { lines, isProven } = await withTools(root, { envoys }, (tools) => proof(one, tools))
  for (const line of lines) console.log(line)
  return isProven ? 0 : 1
}

process.exitCode = await main()
