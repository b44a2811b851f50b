/**
 * `npm run build [-- <function>...]`: one executable file per function and for the command line, and the library.
 *
 * - `dist/<function>.mjs` needs Node and no other file: it is what images, exec functions, Kustomize and Argo CD run.
 * - `dist/meltemi.mjs` is the command line.
 * - `dist/THIRD-PARTY-NOTICES.txt` goes with copies of them.
 * - `dist/lib` is what `import 'meltemi'` finds, with types.
 *
 * With names, only the bundles of these functions are built. The same sources give the same bytes.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { functionNames, root } from './functions.ts'
import { notices } from './notices.ts'
import { packedCode } from './packed-code.ts'

const dist = join(root, 'dist')

type Entry = Pick<BuildOptions, 'entryPoints' | 'stdin'>

async function bundle(name: string, entry: Entry): Promise<void> {
  const outfile = join(dist, `${name}.mjs`)
  await build({
    absWorkingDir: root,
    ...entry,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['meltemi-source'],
    // fp-ts and io-ts keep their tree-shakable builds under `module`; without them a function starts 15 ms later.
    mainFields: ['module', 'main'],
    plugins: [packedCode()],
    legalComments: 'none',
    // Node compiles the whole text at each start: without names and white space that is 3 ms shorter.
    minify: true,
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  })
  chmodSync(outfile, 0o755)
}

/** The command line knows no protocol; this is where it is given all of them. */
function commandLine(names: readonly string[]): Entry {
  const imports = names.map((name, index) => `import protocol${index} from './functions/${name}/index.ts'`)
  const protocols = names.map((_, index) => `protocol${index}`).join(', ')
  const contents = [...imports, `import { main } from './src/cli/main.ts'`, `await main([${protocols}])`].join('\n')
  return { stdin: { contents, resolveDir: root, loader: 'ts' } }
}

function library(): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error('the library does not compile: see above')
  nameFiles()
  const from = join(root, 'schemas/generated')
  if (!existsSync(from)) return
  // `dist/lib/<folder>/<file>.js` finds the compiled schemas where `src/<folder>/<file>.ts` does: two folders up.
  const to = join(dist, 'schemas/generated')
  cpSync(from, to, { recursive: true })
  for (const file of readdirSync(to).filter((name) => name.endsWith('.d.ts'))) {
    const types = readFileSync(join(to, file), 'utf8')
    writeFileSync(join(to, file), types.replace(/'\.\.\/\.\.\/src\/(.*)\.ts'/, "'../../lib/$1.js'"))
  }
}

/** fp-ts names its modules by folders, which bundlers follow and Node does not; in the library they are named by file. */
function nameFiles(): void {
  const library = join(dist, 'lib')
  const files = readdirSync(library, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(js|d\.ts)$/.test(name))
  for (const file of files) {
    const text = readFileSync(join(library, file), 'utf8')
    const named = text.replace(/from 'fp-ts\/(\w+)'/g, "from 'fp-ts/lib/$1.js'")
    if (named !== text) writeFileSync(join(library, file), named)
  }
}

const asked = process.argv.slice(2)
const known = functionNames()
const unknown = asked.filter((name) => !known.includes(name))
if (unknown.length > 0) throw new Error(`no such function: ${unknown.join(', ')}; there are: ${known.join(', ')}`)

const whole = asked.length === 0
if (whole) rmSync(dist, { recursive: true, force: true })
mkdirSync(dist, { recursive: true })
writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices())
for (const name of whole ? known : asked)
  await bundle(name, { entryPoints: [join(root, 'functions', name, 'main.ts')] })
if (whole) {
  await bundle('meltemi', commandLine(known))
  library()
}
