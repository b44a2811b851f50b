import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { emitBlock } from '../krm/emit-yaml.ts'
import { INDEX_ANNOTATION, PATH_ANNOTATION } from '../krm/host-annotations.ts'
import type { KubernetesObject } from '../krm/object.ts'
import type { Change, Item } from '../krm/resource-list.ts'

/** Writes what a render changed into the package, as a host would. Returns the paths written, relative to it. */
export function writeChange(directory: string, items: readonly Item[], change: Change): readonly string[] {
  const kept = new Set(items.filter(({ index }) => !change.dropped.has(index)).map(({ file }) => file?.path))
  for (const { index, file } of items) {
    // A generated file holds one object; one that a person added others to is left for that person.
    if (change.dropped.has(index) && file !== undefined && !kept.has(file.path))
      rmSync(join(directory, file.path), { force: true })
  }
  return change.added.map((object) => writeObject(directory, object))
}

function writeObject(directory: string, object: KubernetesObject): string {
  const {
    [PATH_ANNOTATION]: path = `${object.metadata.name}.yaml`,
    [INDEX_ANNOTATION]: _,
    ...annotations
  } = object.metadata.annotations ?? {}
  const file = join(directory, path)
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${emitBlock({ ...object, metadata: { ...object.metadata, annotations } }, 0).join('\n')}\n`)
  return path
}
