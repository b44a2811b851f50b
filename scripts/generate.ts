/**
 * Compiles every `*.schema.json` with ajv into a validator that needs no ajv at run time: compiling schemas in a function
 * would cost ten times the rest of its start-up. `<folder>/<name>.schema.json` becomes `<folder>/generated/<name>.js`.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
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

const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
mkdirSync(join(root, 'src/sdk/generated'), { recursive: true })
writeFileSync(join(root, 'src/sdk/generated/version.ts'), `export const version = '${version}'\n`)
