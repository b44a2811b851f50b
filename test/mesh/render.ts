import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parse } from 'yaml'
import type { KubernetesObject } from '../../src/krm/object.ts'
import { type Case, filesBelow, readPackage, renderedCase } from './cases.ts'
import { listAt, objectAt, textAt } from './json.ts'
import { command } from './setup/command.ts'

/** Runs a function, as a host would, on objects; gives the ResourceList it prints. */
export async function render(
  root: string,
  protocol: string,
  items: readonly KubernetesObject[],
  functionConfig?: KubernetesObject,
): Promise<unknown> {
  const program = join(root, 'dist', `${protocol}.mjs`)
  if (!existsSync(program)) throw new Error(`${program} is not built: npm run build`)
  const list = {
    apiVersion: 'config.kubernetes.io/v1',
    kind: 'ResourceList',
    items,
    ...(functionConfig === undefined ? {} : { functionConfig }),
  }
  return parse(await command('node', [program], { input: JSON.stringify(list), timeout: 60_000 }))
}

/** Every example, rendered by the functions whose typed config it holds, or else whose name its Kptfile's pipeline says. */
export async function exampleCases(root: string): Promise<readonly Case[]> {
  const protocols = readdirSync(join(root, 'functions'))
  const packages = filesBelow(join(root, 'examples')).filter((file) =>
    /^[^/]+\/(Kptfile|kustomization\.yaml)$/.test(file),
  )
  const folders = packages.map((file) => join(root, 'examples', dirname(file)))
  const cases: Case[] = []
  for (const folder of [...new Set(folders)].sort()) {
    const objects = readPackage(folder)
    for (const protocol of protocols.filter((name) => isUsed(name, objects))) {
      const config = objects.find((object) => isConfigOf(protocol, object))
      const items = objects.filter((object) => object !== config && object.kind !== 'Kustomization')
      cases.push(renderedCase(`examples/${basename(folder)}`, protocol, await render(root, protocol, items, config)))
    }
  }
  return cases
}

function isConfigOf(protocol: string, object: KubernetesObject): boolean {
  return object.apiVersion.startsWith('meltemi.dev/') && object.kind.toLowerCase() === protocol
}

function isUsed(protocol: string, objects: readonly KubernetesObject[]): boolean {
  const kptfile = objectAt(
    objects.find(({ kind }) => kind === 'Kptfile'),
    'pipeline',
  )
  const steps = [...listAt(kptfile, 'mutators'), ...listAt(kptfile, 'validators')]
  const programs = steps.map((step) => textAt(step, 'image') ?? textAt(step, 'exec') ?? '')
  return (
    objects.some((object) => isConfigOf(protocol, object)) ||
    programs.some((text) => text.includes(`${protocol}.mjs`) || text.includes(`/${protocol}:`))
  )
}
