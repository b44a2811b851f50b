import { expect, test } from 'vitest'
import type { KubernetesObject } from '../../../src/krm/object.ts'
import { listAt } from '../json.ts'
import { inIstiodOrder, step } from './steps.ts'

function filter(name: string, namespace: string, priority: number, patches: readonly string[]): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name, namespace },
    spec: { priority, configPatches: patches },
  }
}

test('patches stand in the order of istiod: priority, root namespace, name, position', () => {
  const filters = [
    filter('b', 'shop', 10, ['4']),
    filter('z', 'istio-system', 10, ['2']),
    filter('a', 'shop', 10, ['3']),
    filter('y', 'shop', 0, ['0', '1']),
    filter('a', 'shop', 20, ['5']),
  ]
  expect(inIstiodOrder(filters, 'istio-system').map(({ value }) => value)).toEqual(['0', '1', '2', '3', '4', '5'])
})

test('a step is the EnvoyFilter as far as its patch', () => {
  const [, second] = inIstiodOrder([filter('a', 'shop', 0, ['0', '1', '2'])], 'istio-system')
  expect(second === undefined ? [] : listAt(step(second), 'spec', 'configPatches')).toEqual(['0', '1'])
})
