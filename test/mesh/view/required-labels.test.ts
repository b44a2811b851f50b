import { expect, test } from 'vitest'
import type { KubernetesObject } from '../../../src/krm/object.ts'
import { requiredLabels } from './required-labels.ts'

function filter(labels: object | undefined, context = 'SIDECAR_OUTBOUND', owner = 'meltemi'): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'x', labels: { 'app.kubernetes.io/managed-by': owner } },
    spec: {
      ...(labels === undefined ? {} : { workloadSelector: { labels } }),
      configPatches: [{ applyTo: 'CLUSTER', match: { context } }],
    },
  }
}

test("labels of clients are those that this project's filters ask for, each set once", () => {
  const filters = [
    filter({ b: '1', a: '2' }),
    filter({ a: '2', b: '1' }),
    filter({ a: '2' }),
    filter(undefined),
    filter({ app: 'orders' }, 'SIDECAR_INBOUND'),
    filter({ app: 'mistyped' }, 'SIDECAR_OUTBOUND', 'somebody'),
  ]
  expect(requiredLabels(filters)).toEqual([{ a: '2', b: '1' }, { a: '2' }])
})
