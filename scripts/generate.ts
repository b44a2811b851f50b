/**
 * Compiles every `*.schema.json` with ajv into a validator that needs no ajv at run time: compiling schemas in a function
 * would cost ten times the rest of its start-up. `<folder>/<name>.schema.json` becomes `<folder>/generated/<name>.js`. And cuts,
 * for each function, the part of Envoy's API that it emits (`envoy.json`) out of the whole.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type SubsetRoots, writeSubset } from '../tools/envoy-api/subset.ts'
import { compileSchema } from './compile-schema.ts'
import { functionNames, root } from './functions.ts'

const schemas = join(root, 'schemas')
const functions = functionNames().map((name) => join(root, 'functions', name))

function schemaFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.schema.json'))
    .sort()
    .map((name) => join(folder, name))
}

for (const file of schemaFiles(schemas)) await compileSchema(file, '../../src/krm/schema-validator.ts')
for (const folder of functions) {
  for (const file of schemaFiles(folder)) await compileSchema(file, 'meltemi')
  const envoy = join(folder, 'envoy.json')
  if (!existsSync(envoy)) continue
  const roots: SubsetRoots = JSON.parse(readFileSync(envoy, 'utf8'))
  writeSubset(roots, join(folder, 'generated/envoy-schema.ts'))
}

const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
mkdirSync(join(root, 'src/sdk/generated'), { recursive: true })
writeFileSync(join(root, 'src/sdk/generated/version.ts'), `export const version = '${version}'\n`)
