import type { L7Port, Refused } from 'meltemi'
import { expect, test } from 'vitest'
import { portsHeldBack } from './ports-held-back.ts'

function port(name: string, number: number): L7Port {
  const source = { ref: { apiVersion: 'v1', kind: 'Service', name, namespace: 'math' }, item: 0 }
  const hostname = `${name}.math.svc.cluster.local`
  return { hostname, number, namespace: 'math', place: { source, path: '' } } as L7Port
}

const ALL = [port('adder', 9090), port('adder', 9091), port('tables', 9090)]

function held(spec: unknown) {
  const ref = { apiVersion: 'meltemi.dev/v1alpha1', kind: 'ThriftRateLimit', name: 'a', namespace: 'math' }
  const object: Refused = { source: { ref, item: 1 }, value: { metadata: { name: 'a', namespace: 'math' }, spec } }
  return portsHeldBack(ALL, 'cluster.local')(object).ports
}

test('where the host cannot be read the ports are the list itself, not a copy of it for each object', () => {
  expect(held({ host: 5 })).toBe(ALL)
})

test('a host or a port that can be read narrows them', () => {
  expect(held({ host: 'adder' })).toEqual(ALL.slice(0, 2))
  expect(held({ host: 'adder', port: 9091 })).toEqual([ALL[1]])
  expect(held({ host: 5, port: 9090 })).toEqual([ALL[0], ALL[2]])
})
