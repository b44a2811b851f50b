import { expect, it } from 'vitest'
import { ownerLabels } from '../envoyfilter/owner.ts'
import { execute } from './execute.ts'
import { defineProtocol, type Protocol } from './protocol.ts'

const protocol: Protocol = defineProtocol({
  name: 'plain',
  kind: 'Plain',
  summary: 'Does nothing.',
  sharesListeners: false,
  replacesTcpProxy: true,
  supports: [],
  outbound: () => {
    throw new Error('no port is of this protocol')
  },
})

function listOf(...items: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items })
}

function envoyFilter(name: string, metadata: object): unknown {
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name, namespace: 'shop', ...metadata },
  }
}

it('replaces outputs that are there twice, as in a package and its subpackage, without a word', async () => {
  const stale = envoyFilter('stale', { labels: ownerLabels('plain') })

  expect(await execute(listOf(stale, stale), protocol)).toEqual({ output: listOf(), messages: '', exitCode: 0 })
})

it('leaves other EnvoyFilters alone, twice or broken', async () => {
  const other = envoyFilter('other', { labels: { revision: 1 } })
  const input = listOf(other, other)

  expect(await execute(input, protocol)).toEqual({ output: input, messages: '', exitCode: 0 })
})
