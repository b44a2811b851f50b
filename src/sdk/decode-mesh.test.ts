import { expect, test } from 'vitest'
import { diagnosticsOf, resultOf } from '../krm/outcome.ts'
import { read } from '../krm/read.ts'
import { said } from '../mesh/scene.test-support.ts'
import { decodeMesh } from './decode-mesh.ts'
import { plainProtocol } from './plain-protocol.test-support.ts'
import { readsOf } from './reads.ts'

const PORT = `- apiVersion: v1
  kind: Service
  metadata: {name: cache, namespace: shop}
  spec: {clusterIP: 10.96.0.1, selector: {app: cache}, ports: [{name: tcp-plain, port: 1}]}
`
const UNKNOWN = 'What it scales is not known, so every workload of its namespace counts as scaled'

function scaler(rest: string, namespace = 'shop', name = 'cache'): string {
  return `- apiVersion: autoscaling/v2
  kind: HorizontalPodAutoscaler
  metadata:
    name: ${name}
    namespace: ${namespace}
  spec:
    scaleTargetRef: ${rest}
`
}

async function decoded(...items: readonly string[]) {
  const text = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${PORT}${items.join('')}`
  const list = resultOf(await read(text, readsOf(plainProtocol)))
  if (list === undefined) throw new Error('the list is broken')
  const outcome = decodeMesh(list, plainProtocol)
  return { autoscalers: resultOf(outcome)?.autoscalers, said: said(diagnosticsOf(outcome)) }
}

const TARGET = '{apiVersion: apps/v1, kind: Deployment, name: cache}'
const unread = { namespace: 'shop', mayBeSeveral: true }

test('autoscalers are read where the protocol has services', async () => {
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cache' }
  expect(await decoded(scaler(TARGET), scaler('{broken: [}', 'bank'))).toEqual({
    autoscalers: [{ ...unread, target }],
    said: [],
  })
})

test('one that is no YAML is no error, and may scale any workload of its namespace', async () => {
  const { autoscalers, said: problems } = await decoded(scaler('{broken: [}'))
  expect(autoscalers).toEqual([unread])
  expect(problems).toEqual([expect.stringMatching(/^warning HorizontalPodAutoscaler shop\/cache /)])
  expect(problems[0]).toContain(UNKNOWN)
})

test('neither is one that the list has twice', async () => {
  const { autoscalers, said: problems } = await decoded(scaler(TARGET), scaler(TARGET))
  expect(autoscalers).toContainEqual(unread)
  expect(problems).toEqual([expect.stringMatching(/^warning .* must stand in the list once/)])
})

test('one without a name, which is an error of the list, counts as well', async () => {
  const nameless = scaler(TARGET).replace('    name: cache\n', '')
  expect(await decoded(nameless)).toEqual({ autoscalers: [unread], said: [] })
})

test('what is wrong with a workload stays an error', async () => {
  const workload = scaler('{broken: [}')
    .replace('autoscaling/v2', 'apps/v1')
    .replace(/kind: H.*/, 'kind: Deployment')
  expect(await decoded(workload)).toEqual({ autoscalers: [], said: [expect.stringMatching(/^error Deployment/)] })
})
