/**
 * `npm run test:mesh`: proves every golden case and every example on the real Istio translation and real Envoys, and
 * runs real clients and servers through real sidecars. `-- <text>` runs only what has the text in its name, `--verbose` says
 * what passed. The closing line counts; `--report <file>` writes the same as JSON.
 */
import { writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { goldenCases } from './cases.ts'
import { mutationVerdicts } from './mutations.ts'
import type { Verdict } from './outcome.ts'
import { proofVerdicts } from './proof-of-proof.ts'
import { releaseVerdicts } from './releases.ts'
import { exampleCases } from './render.ts'
import { report } from './report.ts'
import { missingNeeds } from './setup/need.ts'
import { proveCase } from './static-tier.ts'
import { type Tools, withTools } from './tools.ts'
import { driverOf, functionsWithTraffic, functionTraffic } from './traffic/function-traffic.ts'

const { values, positionals } = parseArgs({
  options: { verbose: { type: 'boolean', default: false }, report: { type: 'string' } },
  allowPositionals: true,
})
const root = dirname(dirname(import.meta.dirname))
const results = report(values.verbose)

function isWanted(name: string): boolean {
  return positionals.length === 0 || positionals.some((text) => name.includes(text))
}

const wantedTraffic = functionsWithTraffic(root).filter((protocol) => isWanted(`traffic ${protocol}`))

/** Two lanes: most of the time of real traffic is waiting. What is proven without traffic shares its namespaces, so it is one. */
const LANES = 2

async function everything(tools: Tools): Promise<void> {
  const traffic = wantedTraffic.map((protocol) => () => traffics(protocol, tools))
  const queue = [...traffic.slice(0, 1), () => withoutTraffic(tools), ...traffic.slice(1)]
  const drain = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next()
  }
  await Promise.all(Array.from({ length: LANES }, drain))
}

async function withoutTraffic(tools: Tools): Promise<void> {
  const examples = await exampleCases(root)
  const all = [...goldenCases(root), ...examples]
  const cases = all.filter(({ name }) => isWanted(name))
  results.heading(
    `${cases.length} cases on Istio's translation and Envoy ${tools.envoys.map(({ envoy }) => envoy).join(', ')}`,
  )
  for (const one of cases) await part(one.name, async () => addAll(await proveCase(one, tools)))
  if (isWanted('mutations')) {
    results.heading('wrong cases, each of which must fail')
    await part('mutations', async () => addAll(await mutationVerdicts(all, tools)))
  }
  if (isWanted('releases')) {
    results.heading('plans that differ by release, on proxies of each')
    await part('releases', async () => addAll(await releaseVerdicts(tools)))
  }
  if (isWanted('prove')) {
    results.heading('npm run prove, on the examples')
    await part('prove', async () => addAll(await proofVerdicts(examples, tools)))
  }
}

async function traffics(protocol: string, tools: Tools): Promise<void> {
  results.heading(`${protocol}: real clients and servers`)
  await part(`traffic ${protocol}`, () => functionTraffic(protocol, tools, (verdict) => results.add(verdict)))
}

function addAll(verdicts: readonly Verdict[]): void {
  for (const verdict of verdicts) results.add(verdict)
}

/** A part that cannot go on fails, and the others are still run. */
async function part(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (problem) {
    results.add({ name, faults: [problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)] })
  }
}

const start = Date.now()
const drivers = await Promise.all(wantedTraffic.map((protocol) => driverOf(root, protocol)))
const missing = await missingNeeds({ envoys: true, programs: drivers.flatMap(({ needs = [] }) => needs) })
if (missing.length === 0) {
  await withTools(root, { envoys: true }, everything)
  if (results.passed + results.failed === 0)
    results.add({ name: 'anything at all', faults: [`nothing has ${positionals.join(' or ')} in its name`] })
}
for (const line of missing) console.log(`!!! mesh tier NOT RUN: ${line}`)
// A tier that did not run proves nothing: in CI that is a failure.
const failed = results.failed + (process.env.CI === 'true' ? missing.length : 0)
if (values.report !== undefined)
  writeFileSync(values.report, JSON.stringify({ passed: results.passed, failed: results.failed, missing }))
console.log(`\nmesh: ${results.passed} passed, ${failed} failed (${Math.round((Date.now() - start) / 1000)} s)`)
process.exitCode = failed === 0 ? 0 : 1
