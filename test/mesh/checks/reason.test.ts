import { describe, expect, test } from 'vitest'
import type { MeshProxy, Resource } from '../control-plane.ts'
import { reason } from './reason.ts'
import { snapshot } from './snapshot.ts'

const proxy: MeshProxy = {
  id: 'orders-0.shop',
  type: 'sidecar',
  namespace: 'shop',
  address: '10.1.0.10',
  labels: { app: 'orders' },
  istioVersion: '1.31.0',
}
const tcp = { filters: [{ name: 'envoy.filters.network.tcp_proxy' }] }
const sent: readonly Resource[] = [
  {
    proxy: proxy.id,
    kind: 'listener',
    name: '10.96.0.7_20880',
    value: { address: { socket_address: { port_value: 20880 } }, filter_chains: [tcp] },
  },
  {
    proxy: proxy.id,
    kind: 'listener',
    name: 'virtualInbound',
    value: { filter_chains: [{ ...tcp, filter_chain_match: { destination_port: 20881 } }] },
  },
  { proxy: proxy.id, kind: 'cluster', name: 'outbound|20880||orders.shop.svc.cluster.local', value: {} },
]

interface Given {
  readonly namespace?: string
  readonly selector?: object
  readonly patch: object
}

function why({ namespace = 'shop', selector, patch }: Given): string {
  const spec = { configPatches: [patch], ...(selector === undefined ? {} : { workloadSelector: { labels: selector } }) }
  const filter = {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'a', namespace },
    spec,
  }
  return reason({ filter, index: 0, value: patch }, { proxies: [proxy], rootNamespace: 'istio-system' }, snapshot(sent))
}

function networkFilter(context: string, listener: object): object {
  return { applyTo: 'NETWORK_FILTER', match: { context, listener } }
}

const anywhere = networkFilter('SIDECAR_OUTBOUND', {})

describe('who it is for', () => {
  test('a namespace in which nothing runs', () => {
    expect(why({ namespace: 'shpo', patch: anywhere })).toMatch(/^no proxy runs in namespace `shpo`/)
  })

  test('a selector that selects nothing', () => {
    expect(why({ selector: { app: 'order' }, patch: anywhere })).toMatch(
      /^its `workloadSelector` {"app":"order"} selects no pod/,
    )
  })
})

describe('which listener', () => {
  test('a name that no listener has, and the nearest that one has', () => {
    expect(why({ patch: networkFilter('SIDECAR_OUTBOUND', { name: '10.96.0.7_20881' }) })).toBe(
      'no listener is named `10.96.0.7_20881`; the nearest is `10.96.0.7_20880`',
    )
  })

  test('a port that no listener has', () => {
    expect(why({ patch: networkFilter('SIDECAR_OUTBOUND', { portNumber: 20881 }) })).toBe('no listener has port 20881')
  })

  test("an inbound port that is the Service's", () => {
    expect(why({ patch: networkFilter('SIDECAR_INBOUND', { filterChain: { destinationPort: 20880 } }) })).toBe(
      "no inbound chain is for port 20880: they are for 20881 (the container's port counts, not the Service's)",
    )
  })

  test('a filter that the chain does not have', () => {
    const filterChain = { filter: { name: 'envoy.tcp_proxy' } }
    expect(why({ patch: networkFilter('SIDECAR_OUTBOUND', { name: '10.96.0.7_20880', filterChain }) })).toMatch(
      /^the chain has no filter `envoy\.tcp_proxy`: it has `envoy\.filters\.network\.tcp_proxy`/,
    )
  })
})

test('a cluster that is not there', () => {
  const patch = { applyTo: 'CLUSTER', match: { cluster: { name: 'outbound|20880|v2|orders.shop.svc.cluster.local' } } }
  expect(why({ patch })).toBe(
    'no cluster is named `outbound|20880|v2|orders.shop.svc.cluster.local`; the nearest is `outbound|20880||orders.shop.svc.cluster.local`',
  )
})
