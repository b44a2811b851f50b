import { expect, test } from 'vitest'
import type { KubernetesObject } from '../krm/object.ts'
import { at } from '../krm/object.ts'
import { resultOf } from '../krm/outcome.ts'
import type { ListedAddress } from './listed-addresses.ts'
import { bound, istio, redis, service } from './scene.test-support.ts'

const place = at({ item: 0, ref: { apiVersion: 'v1', kind: 'Kind', name: 'one' } }, 'spec.host')
const port = { number: 6379, name: 'tcp-redis', protocol: 'TCP' }

function addresses(object: KubernetesObject, host: string): readonly ListedAddress[] | undefined {
  const { resolve } = bound([object], {}, redis)
  return resultOf(resolve({ place, namespace: 'shop', host, clients: ['istio-system'] }))?.addresses
}

function ofEntry(spec: object, host = 'cache.example'): readonly ListedAddress[] | undefined {
  return addresses(istio('ServiceEntry', 'cache', { hosts: [host], ports: [port], ...spec }), host)
}

test('a Service lists none', () => {
  expect(addresses(service('cache', { ports: [{ name: 'tcp-redis', port: 6379 }] }), 'cache')).toEqual([])
})

test.each([
  [
    'its endpoints',
    { resolution: 'STATIC', endpoints: [{ address: '10.0.0.1' }, { address: 'fd00::2' }] },
    ['10.0.0.1 6379', 'fd00::2 6379'],
  ],
  ['their names', { resolution: 'DNS', endpoints: [{ address: 'a.example' }] }, ['a.example 6379']],
  [
    'their own ports',
    { resolution: 'STATIC', endpoints: [{ address: '10.0.0.1', ports: { 'tcp-redis': 7000 } }] },
    ['10.0.0.1 7000'],
  ],
  [
    'not the ports of another name',
    { resolution: 'STATIC', endpoints: [{ address: '10.0.0.1', ports: { admin: 7000 } }] },
    ['10.0.0.1 6379'],
  ],
  [
    'the target port',
    { resolution: 'STATIC', ports: [{ ...port, targetPort: 7001 }], endpoints: [{ address: '10.0.0.1' }] },
    ['10.0.0.1 7001'],
  ],
  ['its host by DNS', { resolution: 'DNS' }, ['cache.example 6379']],
  [
    'its host by DNS, at the target port',
    { resolution: 'DNS_ROUND_ROBIN', ports: [{ ...port, targetPort: 7001 }] },
    ['cache.example 7001'],
  ],
  ['nothing of pods', { resolution: 'STATIC', workloadSelector: { labels: { app: 'cache' } } }, []],
  ['nothing of pods, by DNS either', { resolution: 'DNS', workloadSelector: { labels: { app: 'cache' } } }, []],
  [
    'neither sockets nor gateways of other networks',
    { resolution: 'STATIC', endpoints: [{ address: 'unix:///run/redis' }, { network: 'far' }] },
    [],
  ],
  [
    'nothing of another network, which its address does not lead to',
    { resolution: 'STATIC', endpoints: [{ address: '10.0.0.1', network: 'far' }] },
    [],
  ],
  [
    'what names no network',
    {
      resolution: 'STATIC',
      endpoints: [
        { address: '10.0.0.1', network: null },
        { address: '10.0.0.2', network: '' },
      ],
    },
    ['10.0.0.1 6379', '10.0.0.2 6379'],
  ],
])('a ServiceEntry lists %s', (_, spec, expected) => {
  expect(ofEntry(spec)?.map((one) => `${one.address} ${one.port}`)).toEqual(expected)
})

test('a host with a wildcard is no name that DNS could know', () => {
  expect(ofEntry({ resolution: 'DNS' }, '*.example')).toEqual([])
  const endpoints = [{ address: 'a.example' }]
  expect(ofEntry({ resolution: 'DNS', endpoints }, '*.example')).toEqual([{ address: 'a.example', port: 6379 }])
})
