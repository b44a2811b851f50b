import { expect, test } from 'vitest'
import { diagnosticsOf, resultOf } from './outcome.ts'
import { listOfValues } from './value-list.ts'

test('objects that were never text are checked as those that were', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } }
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }
  const outcome = listOfValues([service, config, service, {}], config, () => true)
  expect(resultOf(outcome)?.objects.map(({ value }) => value)).toEqual([service])
  expect(resultOf(outcome)?.items[0]?.value()).toBe(service)
  expect(resultOf(outcome)?.functionConfig?.ref.name).toBe('c')
  expect(diagnosticsOf(outcome).map(({ message }) => message)).toEqual([
    'Service a must stand in the list once, but it is in `items[0]` and `items[2]`: keep one of them',
    '`items[3]`: an object must have `apiVersion` and `kind` and `metadata.name`, a string that is not empty',
  ])
})
