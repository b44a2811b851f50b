import { expect, test } from 'vitest'
import dubbo from '../functions/dubbo/index.ts'
import thrift from '../functions/thrift/index.ts'
import { pruning } from '../src/testkit/laws/pruning.ts'
import { subjectOf } from '../src/testkit/subject.ts'

interface Entry {
  readonly name: string
  readonly port: string
  readonly hosts: readonly string[]
  readonly addresses: readonly string[]
  readonly resolution?: string
}

function listOf(...entries: readonly Entry[]): string {
  const items = entries.map(({ name, port, hosts, addresses, resolution = 'STATIC' }) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace: 'shop' },
    spec: { hosts, addresses, resolution, ports: [{ number: 20880, name: port, protocol: 'TCP' }] },
  }))
  return JSON.stringify({ apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items })
}

// Found by random meshes: who goes may free a listener for somebody else, whose filter then is another one.

test('a rival for a host was refused with the source, and joins its own neighbours when the source goes', async () => {
  const port = 'tcp-dubbo'
  const list = listOf(
    { name: 'both', port, hosts: ['stock.mesh', 'orders.mesh'], addresses: ['240.240.0.1'], resolution: 'NONE' },
    { name: 'neighbour', port, hosts: ['users.mesh'], addresses: ['240.240.0.2', '0.0.0.0'] },
    { name: 'rival', port, hosts: ['orders.mesh'], addresses: ['240.240.0.2'] },
  )
  expect(await pruning(subjectOf(dubbo), list)).toEqual([])
})

test('a range stands on the listener of the wildcard, beside its single addresses', async () => {
  const port = 'tcp-thrift'
  const list = listOf(
    { name: 'range', port, hosts: ['users.mesh'], addresses: ['240.240.0.1', '10.0.0.0/24'] },
    { name: 'wildcard', port, hosts: ['orders.mesh'], addresses: ['fd00::1', '0.0.0.0'] },
  )
  expect(await pruning(subjectOf(thrift), list)).toEqual([])
})
