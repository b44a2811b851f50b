import { expect, it } from 'vitest'
import { diagnosticsOf, resultOf } from '../krm/outcome.ts'
import { listOfValues } from '../krm/value-list.ts'
import { plainProtocol } from './plain-protocol.test-support.ts'
import { readSettings } from './settings.ts'

function settings(data: object) {
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data }
  const list = resultOf(listOfValues([], config, () => false))
  if (list === undefined) throw new Error('a list without items is a list')
  return readSettings(list, [], plainProtocol)
}

it('reads a ConfigMap of strings, in which a host with its dots is one key', () => {
  const read = settings({
    'addresses.orders.shop.dubbo': '10.0.0.1, 10.0.0.2',
    'addresses.stock.shop.dubbo': '10.0.0.3',
    matchByPort: '20880, 20881',
    'istio.versions': '1.30',
    mtls: 'strict',
  })

  expect(diagnosticsOf(read)).toEqual([])
  expect(resultOf(read)?.profile).toMatchObject({
    addresses: new Map([
      ['orders.shop.dubbo', ['10.0.0.1', '10.0.0.2']],
      ['stock.shop.dubbo', ['10.0.0.3']],
    ]),
    matchByPort: [20880, 20881],
    istioVersions: ['1.30'],
    mtls: 'strict',
  })
})

it('names a value that it refuses, and what would be right', () => {
  const read = settings({ mtls: 'PERMISSIVE', priority: 'high' })

  expect(diagnosticsOf(read).map(({ place, message }) => `${place?.path}: ${message}`)).toEqual([
    'data.priority: must be an integer, not a string',
    'data.mtls: must be one of `auto`, `strict`, `permissive`, `disable`, not "PERMISSIVE"',
  ])
})
