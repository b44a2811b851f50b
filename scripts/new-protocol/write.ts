import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compileSchema } from '../compile-schema.ts'
import { protocolFiles } from './template.ts'

/** Writes `<parent>/<name>` and compiles its schemas. Returns the paths written; throws if the folder is there or the name is none. */
export async function writeProtocol(name: string, parent: string): Promise<readonly string[]> {
  if (!/^[a-z][a-z0-9]*$/.test(name))
    throw new Error(`the name must be lower-case letters and digits, as it is a token of port names: "${name}"`)
  const folder = join(parent, name)
  if (existsSync(folder)) throw new Error(`${folder} is there already; choose another name or remove it`)
  const files = Object.entries(protocolFiles({ name, kind: pascalCase(name) }))
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const paths = files.map(([path]) => join(folder, path))
  for (const path of paths.filter((file) => file.endsWith('.schema.json'))) await compileSchema(path, 'meltemi')
  return paths
}

function pascalCase(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}
