/**
 * Compiles every `*.schema.json` with ajv into a validator that needs no ajv at run time: compiling schemas in a function
 * would cost ten times the rest of its start-up. `<folder>/<name>.schema.json` becomes `<folder>/generated/<name>.js`. And cuts,
 * for each function, the part of Envoy's API that it emits (`envoy.json`) out of the whole.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type SubsetRoots, writeSubset } from '../tools/envoy-api/subset.ts'
import { compileSchema } from './compile-schema.ts'

const root = resolve(import.meta.dirname, '..')

function schemaFiles(): readonly string[] {
  const folders = [
    join(root, 'schemas'),
    ...readdirSync(join(root, 'functions')).map((name) => join(root, 'functions', name)),
  ]
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.schema.json'))
      .sort()
      .map((name) => join(folder, name)),
  )
}

for (const file of schemaFiles()) {
  await compileSchema(file, dirname(file) === join(root, 'schemas') ? '../../src/krm/schema-validator.ts' : 'meltemi')
}

for (const name of readdirSync(join(root, 'functions'))) {
  const file = join(root, 'functions', name, 'envoy.json')
  if (!existsSync(file)) continue
  const roots: SubsetRoots = JSON.parse(readFileSync(file, 'utf8'))
  writeSubset(roots, join(root, 'functions', name, 'generated/envoy-schema.ts'))
}

const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
mkdirSync(join(root, 'src/sdk/generated'), { recursive: true })
writeFileSync(join(root, 'src/sdk/generated/version.ts'), `export const version = '${version}'\n`)
