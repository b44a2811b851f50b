import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { map } from '../krm/outcome.ts'
import { execute } from '../sdk/execute.ts'
import type { Protocol } from '../sdk/protocol.ts'
import { documents, protocolWith } from '../sdk/varying-protocol.test-support.ts'

/** Labels that a plan asks of pods choose them on both sides, beside what chooses them anyway. */
async function selectors(requiredLabels?: Readonly<Record<string, string>>) {
  const plain = protocolWith(false, '9')
  const context = { prepared: undefined } as const
  const labelled: Protocol = {
    ...plain,
    outbound: (listener, given) =>
      map(plain.outbound(listener, { ...given, ...context }), (plan) => ({
        ...plan,
        ...(requiredLabels === undefined ? {} : { requiredLabels }),
      })),
    inbound: (listener, given) => {
      const port = { matches: [], clientNamespaces: [], ports: listener.ports } as const
      return labelled.outbound(port, given)
    },
    wantsInbound: () => true,
  }
  const { output = '' } = await execute(documents, labelled)
  const { items } = load(output) as { readonly items: readonly Filter[] }
  const filters = items.filter(({ kind }) => kind === 'EnvoyFilter')
  const side = (name: string) => filters.find(({ metadata }) => metadata.name.includes(name))
  return { outbound: side('outbound'), inbound: side('inbound') }
}

interface Filter {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: { readonly workloadSelector?: { readonly labels: Readonly<Record<string, string>> } }
}

test('they select clients, and narrow servers', async () => {
  const { outbound, inbound } = await selectors({ has: 'it' })
  expect(outbound?.spec.workloadSelector).toEqual({ labels: { has: 'it' } })
  expect(inbound?.spec.workloadSelector).toEqual({ labels: { app: 'db', has: 'it' } })
})

test('a pod of the service that says otherwise is not given it', async () => {
  const { inbound } = await selectors({ app: 'other' })
  expect(inbound?.spec.workloadSelector).toEqual({ labels: { app: 'other' } })
})

test('without any, every client gets the filter, and under the same name', async () => {
  const { outbound, inbound } = await selectors()
  expect(outbound?.spec.workloadSelector).toBeUndefined()
  expect(inbound?.spec.workloadSelector).toEqual({ labels: { app: 'db' } })
  expect(outbound?.metadata.name).toBe((await selectors({ has: 'it' })).outbound?.metadata.name)
})
