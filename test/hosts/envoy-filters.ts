import { CORE_SCHEMA, loadAll } from 'js-yaml'
import { bundle, filesOf } from './repository.ts'
import { succeed } from './run.ts'

/** An object as a host printed it. */
export interface Printed {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly items?: readonly Printed[]
}

/** All objects of a YAML stream, those of a ResourceList in it included. */
export function objectsOf(text: string): readonly Printed[] {
  return loadAll(text, { schema: CORE_SCHEMA }).flatMap((document) => {
    // js-yaml types documents as unknown; every field of `Printed` is optional, and the tests compare what is there.
    const printed = document as Printed | null
    return printed === null ? [] : (printed.items ?? [printed])
  })
}

/** The EnvoyFilters of a YAML stream without what hosts add to annotations, ordered by namespace and name. */
export function envoyFilters(text: string): readonly Printed[] {
  return objectsOf(text)
    .filter((object) => object.kind === 'EnvoyFilter')
    .map(withoutHostAnnotations)
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

export function envoyFiltersIn(folder: string): readonly Printed[] {
  const texts = Object.entries(filesOf(folder)).filter(([path]) => path.endsWith('.yaml'))
  return envoyFilters(texts.map(([, text]) => text).join('\n---\n'))
}

function key(object: Printed): string {
  return `${object.metadata?.namespace}/${object.metadata?.name}`
}

const ofHosts =
  /^(internal\.)?config\.kubernetes\.io\/(path|index|id|seqindent|package-path|annotations-migration-resource-id)$|^config\.k8s\.io\/id$/

function withoutHostAnnotations(object: Printed): Printed {
  const { annotations, ...metadata } = object.metadata ?? {}
  const kept = Object.entries(annotations ?? {}).filter(([name]) => !ofHosts.test(name))
  return {
    ...object,
    metadata: { ...metadata, ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }) },
  }
}

/** The objects of a package as the list that a host would send. */
export function listOf(folder: string): string {
  const files = Object.entries(filesOf(folder)).filter(
    ([path]) => path.endsWith('.yaml') && path !== 'kustomization.yaml',
  )
  const items = files.flatMap(([, text]) => objectsOf(text))
  return JSON.stringify({ apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items })
}

/** What the function says without any host: every host must come to the same. */
export async function expectedFilters(folder: string): Promise<readonly Printed[]> {
  const filters = envoyFilters(await succeed(process.execPath, [bundle], { input: listOf(folder) }))
  if (filters.length === 0) throw new Error('the example gives no EnvoyFilter: nothing would be compared')
  return filters
}
