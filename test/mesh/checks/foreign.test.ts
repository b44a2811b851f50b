import { describe, expect, test } from 'vitest'
import type { JsonObject, MeshProxy, Resource } from '../control-plane.ts'
import type { AskedPort } from '../view/asked-ports.ts'
import { type Claim, foreignFindings } from './foreign.ts'
import { snapshot } from './snapshot.ts'

const client: MeshProxy = {
  id: 'client.shop',
  type: 'sidecar',
  namespace: 'shop',
  address: '10.1.0.9',
  labels: {},
  istioVersion: '1.31.0',
}
const server: MeshProxy = { ...client, id: 'orders-0.shop', address: '10.1.0.10' }
const orders: AskedPort = {
  owner: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'orders', namespace: 'shop' } },
  host: 'orders.shop.svc.cluster.local',
  number: 20880,
  listeners: ['10.96.0.7_20880'],
  containers: [{ address: '10.1.0.10', port: 20881 }],
}
const claim: Claim = { asked: [orders], proxies: [client, server], called: new Set() }

function listener(proxy: MeshProxy, name: string, value: JsonObject): Resource {
  return { proxy: proxy.id, kind: 'listener', name, value }
}

function cluster(name: string, value: JsonObject): Resource {
  return { proxy: client.id, kind: 'cluster', name, value }
}

function faults(before: readonly Resource[], after: readonly Resource[], whose: Claim = claim): readonly string[] {
  return foreignFindings(snapshot(before), snapshot(after), whose).map(
    ({ message }) => message.split(', though')[0] ?? '',
  )
}

describe('listeners of clients', () => {
  test('that of a port asked for may change', () => {
    expect(
      faults([listener(client, '10.96.0.7_20880', { a: 1 })], [listener(client, '10.96.0.7_20880', { a: 2 })]),
    ).toEqual([])
  })

  test("another team's on the same port number may not", () => {
    const name = '10.96.0.8_20880'
    expect(faults([listener(client, name, { a: 1 })], [listener(client, name, { a: 2 })])).toEqual([
      'listener 10.96.0.8_20880 of client.shop is changed outside its filter chains',
    ])
  })

  test('none may go, and none may come', () => {
    const one = listener(client, '10.96.0.7_20880', {})
    expect(faults([one], [])).toEqual(['listener 10.96.0.7_20880 of client.shop is gone'])
    expect(faults([], [one])).toEqual(['listener 10.96.0.7_20880 of client.shop is new'])
  })
})

describe('chains of servers', () => {
  const inbound = (ports: Readonly<Record<number, string>>): JsonObject => ({
    filter_chains: Object.entries(ports).map(([port, filter]) => ({
      filter_chain_match: { destination_port: Number(port) },
      filters: [{ name: filter }],
    })),
  })

  test('that of the container port asked for may change', () => {
    const before = [listener(server, 'virtualInbound', inbound({ 20881: 'tcp', 8080: 'tcp' }))]
    expect(faults(before, [listener(server, 'virtualInbound', inbound({ 20881: 'dubbo', 8080: 'tcp' }))])).toEqual([])
  })

  test('another port of the same pod, or the same port of another pod, may not', () => {
    const before = inbound({ 20881: 'tcp', 8080: 'tcp' })
    const other = inbound({ 20881: 'tcp', 8080: 'dubbo' })
    expect(
      faults([listener(server, 'virtualInbound', before)], [listener(server, 'virtualInbound', other)]),
    ).toHaveLength(1)
    const same = inbound({ 20881: 'dubbo', 8080: 'tcp' })
    expect(
      faults([listener(client, 'virtualInbound', before)], [listener(client, 'virtualInbound', same)]),
    ).toHaveLength(1)
  })
})

describe('clusters', () => {
  test('of the host and port asked for may change, in every subset', () => {
    const name = 'outbound|20880|v2|orders.shop.svc.cluster.local'
    expect(faults([cluster(name, { a: 1 })], [cluster(name, { a: 2 })])).toEqual([])
  })

  test('of another port or host may not, unless a filter calls it', () => {
    const name = 'outbound|9999||orders.shop.svc.cluster.local'
    const change: readonly [readonly Resource[], readonly Resource[]] = [
      [cluster(name, { a: 1 })],
      [cluster(name, { a: 2 })],
    ]
    expect(faults(...change)).toEqual([`cluster ${name} of client.shop is changed`])
    expect(faults(...change, { ...claim, called: new Set([name]) })).toEqual([])
  })

  test('may be added under a new name, not twice under one', () => {
    expect(faults([], [cluster('meltemi|redis', {})])).toEqual([])
    expect(faults([], [cluster('outbound|1||x (2)', {})])).toHaveLength(1)
  })
})
