import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emitBlock } from '../../src/krm/emit-yaml.ts'
import { awkwardStrings as all } from './awkward-strings.ts'
import { objectsOf, type Printed } from './envoy-filters.ts'
import { temporaryFolder } from './repository.ts'

/** kustomize reads every object again from JSON that has these characters bare: however they are written, it refuses them. */
const refused = /[\u007f\u0085]/

const awkwardStrings = all.filter((text) => !refused.test(text))

/** What a host must find in the package, and print again. */
export const awkwardObject = {
  apiVersion: 'example.org/v1',
  kind: 'Strings',
  metadata: {
    name: 'awkward',
    annotations: Object.fromEntries(awkwardStrings.map((text, index) => [`text-${index}`, text])),
  },
  spec: {
    // kustomize drops a key `<<`, quoted or not.
    keys: Object.fromEntries(
      awkwardStrings.filter((text) => text !== '<<').map((text, index) => [text, `text-${index}`]),
    ),
    list: awkwardStrings,
    objects: awkwardStrings.map((text) => ({ exact: text })),
  },
}

/** A kustomization of one object that is written by the functions' emitter; its folder. */
export function awkwardPackage(): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'kustomization.yaml'), 'resources:\n- strings.yaml\n')
  writeFileSync(join(folder, 'strings.yaml'), `${emitBlock(awkwardObject, 0).join('\n')}\n`)
  return folder
}

/** The objects that kustomize printed, which breaks lines at U+2028 and U+2029 and indents what follows, as YAML 1.1 has it. */
export function awkwardObjects(output: string): readonly Printed[] {
  return objectsOf(output.replace(/([\u2028\u2029]) +/g, '$1'))
}
