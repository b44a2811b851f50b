/**
 * `npm test`: every tier that this machine can run, from the quickest to the slowest. What cannot run is said last and
 * loudly, and fails the run where `CI` is `true`. The closing line counts the tests of all tiers.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { missingDocker } from '../test/hosts/containers/daemon.ts'
import { findTool, type ToolName } from '../test/hosts/tools.ts'
import { root } from './functions.ts'
import { check, type Outcome, reported, type Tier, vitest } from './tier.ts'

const tiers: readonly Tier[] = [
  { name: 'generated code', run: () => check('npm', ['run', '--silent', 'generate']) },
  { name: 'lint and format', run: () => check('biome', ['check', '--error-on-warnings', '.']) },
  { name: 'types', run: () => check('tsc', ['--noEmit']) },
  { name: 'unit', run: () => vitest('unit') },
  { name: 'build', run: () => check('tsx', ['scripts/build.ts']) },
  { name: 'hosts', needsBuild: true, run: () => hosts('hosts', 'test/hosts', []) },
  { name: 'hosts, in containers', needsBuild: true, run: containers },
  { name: 'Envoy API', run: envoyApi },
  { name: 'mesh', needsBuild: true, run: () => reported('mesh', 'test/mesh/run.ts') },
]

function testFiles(folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return []
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return files.filter((name) => name.endsWith('.test.ts')).map((name) => `${folder}/${name}`)
}

/** Whether what is generated from Envoy's API is up to date, and the judges that it must agree with. */
async function envoyApi(): Promise<Outcome> {
  const generated = await check('tsx', ['tools/envoy-api/envoy-api.ts', '--check'])
  return testFiles('test/envoy-api').length === 0 ? generated : sum(generated, await vitest('envoy-api'))
}

function sum(one: Outcome, other: Outcome): Outcome {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    missing: [...one.missing, ...other.missing],
  }
}

/** Test files of hosts are named after the tools they need: `kpt.test.ts`, `kubectl-kpt.test.ts`. */
async function hosts(project: string, folder: string, missing: readonly string[]): Promise<Outcome> {
  const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.test.ts'))
  const lacking = await missingTools()
  const reasons = (file: string): readonly string[] => [
    ...missing,
    ...toolsOf(file).flatMap((tool) => lacking.get(tool) ?? []),
  ]
  const able = files.filter((file) => reasons(file).length === 0)
  const outcome =
    able.length === 0
      ? nothing
      : await vitest(
          project,
          able.map((file) => `${folder}/${file}`),
        )
  const unable = files.filter((file) => !able.includes(file))
  return {
    ...outcome,
    missing: [...outcome.missing, ...unable.map((file) => `${folder}/${file}: ${reasons(file).join('; ')}`)],
  }
}

async function containers(): Promise<Outcome> {
  const missing = await missingDocker()
  return hosts('containers', 'test/hosts/containers', missing === undefined ? [] : [missing])
}

const tools: readonly ToolName[] = ['kpt', 'kubectl', 'kustomize']

function toolsOf(file: string): readonly ToolName[] {
  const words = file.replace('.test.ts', '').split('-')
  return tools.filter((tool) => words.includes(tool))
}

async function missingTools(): Promise<ReadonlyMap<ToolName, string>> {
  const found = await Promise.all(tools.map(async (tool) => [tool, await findTool(tool)] as const))
  return new Map(found.flatMap(([tool, where]) => ('missing' in where ? [[tool, where.missing]] : [])))
}

const nothing: Outcome = { passed: 0, failed: 0, missing: [] }

async function runAll(): Promise<Outcome> {
  let all = nothing
  let built = true
  for (const tier of tiers) {
    const start = Date.now()
    console.log(`\n=== ${tier.name}`)
    const outcome: Outcome = tier.needsBuild === true && !built ? unbuilt(tier) : await tier.run()
    const { passed, failed } = outcome
    if (tier.name === 'build') built = failed === 0
    console.log(`=== ${tier.name}: ${passed} passed, ${failed} failed (${Math.round((Date.now() - start) / 1000)} s)`)
    all = sum(all, outcome)
  }
  return all
}

function unbuilt({ name }: Tier): Outcome {
  return { ...nothing, missing: [`${name}: the build failed, and these tests run what it leaves`] }
}

const { passed, failed, missing } = await runAll()
const fatal = process.env.CI === 'true' ? missing.length : 0
if (missing.length > 0) {
  console.log(`\n!!! NOT RUN${fatal > 0 ? ' (a failure, as CI=true)' : ''}`)
  for (const line of missing) console.log(`!!! ${line}`)
}
console.log(`\n${passed} passed, ${failed + fatal} failed`)
process.exitCode = failed + fatal === 0 ? 0 : 1
