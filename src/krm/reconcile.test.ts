import { expect, test } from 'vitest'
import type { KubernetesObject } from './object.ts'
import { diagnosticsOf, resultOf } from './outcome.ts'
import { read } from './read.ts'
import { reconcile } from './reconcile.ts'
import { write } from './write.ts'

const LABELS = {
  'app.kubernetes.io/managed-by': 'meltemi',
  'meltemi.dev/protocol': 'dubbo',
  'meltemi.dev/format': 'v1',
}
const isOurs = ({ kind, metadata: { labels } }: KubernetesObject) =>
  kind === 'EnvoyFilter' &&
  labels?.['app.kubernetes.io/managed-by'] === 'meltemi' &&
  labels['meltemi.dev/protocol'] === 'dubbo'

function filter(
  name: string,
  path = `meltemi/${name}.yaml`,
  labels: Readonly<Record<string, string>> = LABELS,
): KubernetesObject {
  const annotations = { 'internal.config.kubernetes.io/path': path, 'internal.config.kubernetes.io/index': '0' }
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name, namespace: 'shop', labels, annotations },
    spec: { priority: 10 },
  }
}

async function run(items: readonly object[], desired: readonly KubernetesObject[], text = listText(items)) {
  const list = resultOf(await read(text, () => false))
  if (list === undefined) throw new Error(text)
  const outcome = reconcile(list, isOurs, desired)
  const change = resultOf(outcome)
  if (change === undefined) throw new Error('no change')
  return {
    dropped: [...change.dropped],
    added: change.added,
    diagnostics: diagnosticsOf(outcome),
    text: write(list, change, []),
  }
}

function listText(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items })
}

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'a', namespace: 'shop', annotations: { 'config.kubernetes.io/path': 'a.yaml' } },
}

test('earlier outputs go, of every format and whatever was made of them, and the desired ones come', async () => {
  const old = filter('old', 'x.yaml', { ...LABELS, 'meltemi.dev/format': 'v0' })
  const edited = { ...filter('a'), spec: { priority: 99 } }
  const result = await run([old, service, edited], [filter('a'), filter('b')])
  expect(result).toMatchObject({ dropped: [0, 2], added: [filter('a'), filter('b')], diagnostics: [] })
})

test('what is not ours stays: another kind, another manager, another protocol', async () => {
  const items = [
    { ...filter('a', '1.yaml'), kind: 'Service', apiVersion: 'v1' },
    filter('b', '2.yaml', {}),
    filter('c', '3.yaml', { ...LABELS, 'app.kubernetes.io/managed-by': 'helm' }),
    filter('d', '4.yaml', { ...LABELS, 'meltemi.dev/protocol': 'thrift' }),
  ]
  expect(await run(items, [])).toMatchObject({ dropped: [], diagnostics: [] })
})

test('the name of a foreign EnvoyFilter is refused, in any version, and costs that object alone', async () => {
  const foreign = { ...filter('a', 'by-hand.yaml', {}), apiVersion: 'networking.istio.io/v1' }
  const { added, diagnostics } = await run([foreign], [filter('a'), filter('b')])
  expect(added).toEqual([filter('b')])
  expect(diagnostics).toMatchObject([
    {
      severity: 'error',
      message:
        'EnvoyFilter shop/a is needed by this function, but the list has one of that name that is not its own, in `by-hand.yaml`: rename or remove that one',
      place: { source: { ref: { name: 'a' }, file: { path: 'by-hand.yaml' } }, path: 'metadata.name' },
    },
  ])
})

test('a foreign EnvoyFilter of that name in that file is one fault, not two', async () => {
  const { added, diagnostics } = await run([filter('a', 'meltemi/a.yaml', {})], [filter('a')])
  expect(added).toEqual([])
  expect(diagnostics).toHaveLength(1)
})

test('the same name in another namespace is another object', async () => {
  const foreign = { ...filter('a', 'x.yaml', {}), metadata: { name: 'a', namespace: 'other' } }
  expect((await run([foreign], [filter('a')])).diagnostics).toEqual([])
})

test('the place of a foreign item in a file is refused; another index of the file is not', async () => {
  const at = (index: number, path = 'meltemi/a.yaml') => ({
    ...service,
    metadata: { name: 'a', annotations: { 'config.kubernetes.io/path': path, 'config.kubernetes.io/index': index } },
  })
  const { added, diagnostics } = await run([at(0)], [filter('a')])
  expect(added).toEqual([])
  expect(diagnostics).toMatchObject([
    {
      severity: 'error',
      message:
        'EnvoyFilter shop/a must be written to `meltemi/a.yaml`, but Service a is there: move that one to another file',
    },
  ])
  expect((await run([at(1)], [filter('a')])).diagnostics).toEqual([])
})

test('a file of a subpackage is another file, though its path reads the same', async () => {
  const inPackage = (object: typeof service, path: string, directory: string) => ({
    ...object,
    metadata: {
      ...object.metadata,
      annotations: { 'config.kubernetes.io/path': path, 'internal.config.kubernetes.io/package-path': directory },
    },
  })
  const kptfile = { ...service, apiVersion: 'kpt.dev/v1', kind: 'Kptfile' }
  const packages = [inPackage(kptfile, 'Kptfile', '/p/sub'), inPackage(kptfile, 'Kptfile', '/p')]
  expect((await run([...packages, inPackage(service, 'meltemi/a.yaml', '/p/sub')], [filter('a')])).diagnostics).toEqual(
    [],
  )
  expect(
    (await run([...packages, inPackage(service, 'meltemi/a.yaml', '/p')], [filter('a')])).diagnostics,
  ).toHaveLength(1)
})

test('a second run changes nothing, also when ours stood in the middle', async () => {
  const desired = [filter('a'), filter('b')]
  const first = await run([filter('b'), service, filter('a')], desired)
  const second = await run([], desired, first.text)
  expect(second.text).toBe(first.text)
  expect(second.dropped).toEqual([1, 2])
})
