import { join } from 'node:path'
import { inject } from 'vitest'
import { edit, repository } from '../repository.ts'

/** The example with the image in its functionConfig instead of the executable; its folder. */
export function kustomizationWithImage(): string {
  const { folder } = repository()
  edit(
    join(folder, 'dubbo.yaml'),
    'exec:\n        path: ../../dist/dubbo.mjs',
    `container:\n        image: ${inject('image')}`,
  )
  return folder
}
