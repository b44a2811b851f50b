import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Minor, type Roots, rootTypes } from './roots.ts'

/** Writes `descriptors/<minor>.binpb.gz` with Go: the only step that needs it, once per minor. Returns what Go said. */
export function collect(pin: Minor, roots: Roots): string {
  const dir = mkdtempSync(join(tmpdir(), 'envoy-api-'))
  try {
    goModule(dir, pin, 'collector')
    const out = fileURLToPath(new URL(`descriptors/${pin.minor}.binpb.gz`, import.meta.url))
    mkdirSync(fileURLToPath(new URL('descriptors', import.meta.url)), { recursive: true })
    return execFileSync('go', ['run', '.', '-o', out], {
      cwd: dir,
      input: rootTypes(roots).join('\n'),
      encoding: 'utf8',
    })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** A Go module in `dir` with a minor's pins, the sources of `program`, and the packages of every root type. */
export function goModule(dir: string, pin: Minor, program: 'collector' | 'oracle'): void {
  const requirements = [
    `github.com/envoyproxy/go-control-plane/contrib ${pin.contrib}`,
    `github.com/envoyproxy/go-control-plane/envoy ${pin.envoy}`,
  ]
  writeFileSync(
    join(dir, 'go.mod'),
    `module meltemi.dev/envoy-api\n\ngo 1.25.0\n\nrequire (\n\t${requirements.join('\n\t')}\n)\n`,
  )
  const source = fileURLToPath(new URL(program, import.meta.url))
  for (const file of readdirSync(source)) copyFileSync(join(source, file), join(dir, file))
  copyFileSync(fileURLToPath(new URL('collector/imports.go', import.meta.url)), join(dir, 'imports.go'))
  execFileSync('go', ['mod', 'tidy'], { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] })
}
