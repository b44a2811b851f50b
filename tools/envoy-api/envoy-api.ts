import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { collect } from './collect.ts'
import { generate, review } from './generate.ts'
import { outputs } from './outputs.ts'
import { type Minor, readMinors, readRoots } from './roots.ts'

const USAGE = `npm run envoy-api                      regenerate schemas/envoy and docs/envoy from the descriptor sets
npm run envoy-api -- --check           the same, but only compare
npm run envoy-api -- --collect <minor> make a minor's descriptor set again (needs Go)
npm run envoy-api -- --add <minor> --istio <release> --envoy <version> --contrib <version> --binary <version>
                                       add a minor (needs Go), and print what a person must look at`

function main(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: {
      check: { type: 'boolean' },
      collect: { type: 'string' },
      add: { type: 'string' },
      istio: { type: 'string' },
      envoy: { type: 'string' },
      contrib: { type: 'string' },
      binary: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) console.log(USAGE)
  else if (values.check === true) check()
  else update(values)
}

function update(values: Partial<Minor> & { readonly add?: string; readonly collect?: string }): void {
  if (values.collect !== undefined) console.log(collect(pinOf(values.collect), readRoots()).trim())
  if (values.add !== undefined) add({ ...values, minor: values.add })
  write()
  const reviewed = values.add ?? values.collect
  if (reviewed !== undefined) console.log(review(generate(readMinors(), readRoots()), reviewed).join('\n'))
}

function pinOf(minor: string): Minor {
  const pin = readMinors().find((known) => known.minor === minor)
  if (pin === undefined) throw new Error(`minors.json has no Envoy ${minor}; add it with --add`)
  return pin
}

function add({ minor, istio, envoy, contrib, binary }: Partial<Minor> & { readonly minor: string }): void {
  if (istio === undefined || envoy === undefined || contrib === undefined || binary === undefined)
    throw new Error(`--add needs --istio, --envoy, --contrib and --binary\n${USAGE}`)
  const pin: Minor = { minor, istio, envoy, contrib, binary }
  console.log(collect(pin, readRoots()).trim())
  const minors = [...readMinors().filter((known) => known.minor !== minor), pin]
  writeFileSync(new URL('minors.json', import.meta.url), `${JSON.stringify(minors, null, 2)}\n`)
  console.log(`add '${istio}': '${minor}' to src/envoy/schema/minors.ts`)
}

function target(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}

function write(): void {
  for (const [path, text] of outputs(readMinors(), readRoots())) {
    mkdirSync(dirname(target(path)), { recursive: true })
    writeFileSync(target(path), text)
  }
}

function check(): void {
  const all = outputs(readMinors(), readRoots())
  const stale = [...all].filter(([path, text]) => read(path) !== text).map(([path]) => path)
  for (const path of stale) console.error(`${path} differs from its source: run npm run envoy-api`)
  if (stale.length > 0) process.exitCode = 1
  else console.log(`${all.size} files are what the descriptor sets say`)
}

function read(path: string): string | undefined {
  try {
    return readFileSync(target(path), 'utf8')
  } catch {
    return undefined
  }
}

main(process.argv.slice(2))
