/**
 * `npm run bench`: time and peak memory of whole processes, as ratios against yardsticks measured in the same run: `js-yaml`
 * loading and dumping the same text, `cat`, and an empty Node. Absolute numbers mean little on another machine; ratios do.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { table } from '../src/cli/table.ts'
import { resourceList } from './list.ts'
import { type Measured, measure } from './measure.ts'
import { redisList } from './redis-list.ts'

const root = resolve(import.meta.dirname, '..')
const sizes = process.argv.includes('--quick') ? [100, 1_000] : [100, 1_000, 10_000, 100_000]
const folder = mkdtempSync(join(tmpdir(), 'meltemi-bench-'))

function command(script: string): readonly [string, ...string[]] {
  return [process.execPath, join(root, script)]
}

function cells({ milliseconds, megabytes }: Measured): readonly string[] {
  return [`${milliseconds.toFixed(0)} ms`, megabytes === undefined ? '' : `${megabytes.toFixed(0)} MB`]
}

function startUp(): void {
  const input = join(folder, 'one.yaml')
  writeFileSync(input, resourceList(1))
  const empty = measure([process.execPath, '-e', '0'], input, 21)
  const dubbo = measure(command('dist/dubbo.mjs'), input, 21)
  const bytes = statSync(join(root, 'dist/dubbo.mjs')).size
  console.log(
    `Start-up, one item: node -e 0 ${empty.milliseconds.toFixed(1)} ms, dubbo.mjs ${dubbo.milliseconds.toFixed(1)} ms`,
  )
  console.log(
    `  ratio ${(dubbo.milliseconds / empty.milliseconds).toFixed(2)} (to reach: 1.5); bundle ${Math.round(bytes / 1024)} kB\n`,
  )
}

function sweep(): void {
  const rows: string[][] = []
  let previous: { readonly count: number; readonly milliseconds: number } | undefined
  for (const count of sizes) {
    const input = join(folder, `${count}.yaml`)
    writeFileSync(input, resourceList(count))
    const runs = count >= 100_000 ? 1 : count >= 10_000 ? 5 : 11
    const dubbo = measure(command('dist/dubbo.mjs'), input, runs)
    const yardstick = measure(command('bench/yardstick.mjs'), input, runs)
    const cat = measure(['cat'], input, runs)
    const growth =
      previous === undefined ? '' : `${(dubbo.milliseconds / previous.milliseconds).toFixed(1)}x of ${previous.count}`
    const megabytes = `${(statSync(input).size / 1e6).toFixed(1)} MB`
    const ratio = (dubbo.milliseconds / yardstick.milliseconds).toFixed(2)
    rows.push([
      String(count),
      megabytes,
      ...cells(dubbo),
      ...cells(yardstick),
      `${cat.milliseconds.toFixed(0)} ms`,
      ratio,
      growth,
    ])
    previous = { count, milliseconds: dubbo.milliseconds }
  }
  const head = ['items', 'text', 'dubbo', 'peak', 'js-yaml', 'peak', 'cat', 'dubbo / js-yaml', 'growth']
  for (const line of table([head, ...rows])) console.log(line)
  console.log('\nTo reach at 10000: ratio 0.5, peak 150 MB; 100000 in at most 11x of 10000.')
}

/** One more list through one more function: a second protocol costs what the first does. */
function other(name: string, title: string, text: string, aim: string): void {
  const input = join(folder, `${name}.yaml`)
  writeFileSync(input, text)
  const own = measure(command(`dist/${name}.mjs`), input, 5)
  const yardstick = measure(command('bench/yardstick.mjs'), input, 5)
  const ratio = (own.milliseconds / yardstick.milliseconds).toFixed(2)
  const bundle = `${Math.round(statSync(join(root, `dist/${name}.mjs`)).size / 1024)} kB`
  const head = ['items', name, 'peak', 'js-yaml', 'peak', `${name} / js-yaml`, 'bundle']
  console.log('')
  for (const line of table([head, [title, ...cells(own), ...cells(yardstick), ratio, bundle]])) console.log(line)
  console.log(`\nTo reach: ${aim}.`)
}

/** The list of the sweep with Thrift in Dubbo's place. */
function thriftList(count: number): string {
  return resourceList(count).replaceAll('tcp-dubbo', 'tcp-thrift').replaceAll('prefix: get', 'exact: get')
}

try {
  startUp()
  sweep()
  const most = Math.min(10_000, ...sizes.slice(-1))
  other('thrift', String(most), thriftList(most), 'ratio 0.5, peak 150 MB at 10000, as Dubbo')
  other('redis', '1000 services, 20 prefixes each', redisList(1_000), 'ratio 2')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
