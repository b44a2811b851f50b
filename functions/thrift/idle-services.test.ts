import { subjectOf } from 'meltemi/testing'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import thrift from './index.ts'

const { run } = subjectOf(thrift)

test('a service without effect names a few of those there are, so that the results do not grow with the square', async () => {
  const items = ['a', 'b', 'c', 'd', 'e'].map((name, i) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'math' },
    spec: { clusterIP: `10.96.0.${i + 1}`, selector: { app: name }, ports: [{ name: 'tcp-thrift', port: 9090 }] },
  }))
  const spec = { services: [{ host: 'f' }, { host: 'f', port: 1 }] }
  const functionConfig = { apiVersion: 'meltemi.dev/v1alpha1', kind: 'Thrift', metadata: { name: 'thrift' }, spec }
  const list = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items, functionConfig }
  const { output } = await run(JSON.stringify(list))
  expect(parse(output ?? '').results.map(({ message }: { readonly message: string }) => message)).toEqual([
    'has no effect: f is no Thrift port of the list; there are a.math.svc.cluster.local, b.math.svc.cluster.local, c.math.svc.cluster.local and 2 more',
    'has no effect: f:1 is no Thrift port of the list; there are a.math.svc.cluster.local:9090, b.math.svc.cluster.local:9090, c.math.svc.cluster.local:9090 and 2 more',
  ])
})
