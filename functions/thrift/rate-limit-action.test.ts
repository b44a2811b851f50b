import fc from 'fast-check'
import { expect, test } from 'vitest'
import { limitedMatches } from './rate-limit-action.ts'
import type { ThriftMatch } from './route-match.ts'
import type { Calls, Entry } from './thrift-rate-limit.ts'

const service = fc.constantFrom('Calculator', 'Weather')
const method = fc.constantFrom('add', 'today')

/** As the wire has it: multiplexed or plain. */
const call = fc.oneof(
  method,
  fc.tuple(service, method).map(([s, m]) => `${s}:${m}`),
)

const match: fc.Arbitrary<ThriftMatch> = fc.oneof(
  call.map((name) => ({ method_name: name })),
  fc.constant({ method_name: '' }),
  service.map((name) => ({ service_name: name })),
)

const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.constant({ method: {} }),
  service.map((name) => ({ service: { name } })),
  fc.constant({ value: 'free' }),
)

const calls: fc.Arbitrary<Calls> = fc
  .array(fc.record({ entries: fc.array(entry, { minLength: 1, maxLength: 3 }) }), { maxLength: 4 })
  .map((descriptors) => ({ domain: 'd', service: { host: 'h' }, failureMode: 'allow', descriptors }))

/** Envoy's rule, by its documentation. */
function takes(one: ThriftMatch, name: string): boolean {
  return 'service_name' in one
    ? name.startsWith(`${one.service_name}:`)
    : one.method_name === '' || one.method_name === name
}

/** The descriptors that a call must be counted by: those whose services, if they name any, are its own. */
function wanted({ descriptors }: Calls, name: string): number {
  const [called] = name.includes(':') ? name.split(':') : [undefined]
  return descriptors.filter(({ entries }) =>
    entries.every((one) => one.service === undefined || one.service.name === called),
  ).length
}

test('a limit never changes which calls a match takes, and counts each by its own descriptors', () => {
  fc.assert(
    fc.property(match, calls, call, (one, limited, name) => {
      const found = limitedMatches(one, limited).find((candidate) => takes(candidate.match, name))
      expect(found !== undefined).toBe(takes(one, name))
      if (found !== undefined) expect(found.limits).toHaveLength(wanted(limited, name))
    }),
    { numRuns: 2000 },
  )
})

test('headers of a match stay with each of its parts', () => {
  const headers = [{ name: 'x-user', present_match: true }]
  const limited: Calls = {
    domain: 'd',
    service: { host: 'h' },
    failureMode: 'deny',
    descriptors: [{ entries: [{ service: { name: 'Calculator' } }] }],
  }
  expect(limitedMatches({ method_name: '', headers }, limited).map((one) => one.match)).toEqual([
    { service_name: 'Calculator', headers },
    { method_name: '', headers },
  ])
})

test('the actions of a descriptor, with the keys that Envoy uses', () => {
  const entries: readonly Entry[] = [
    { method: {} },
    { method: { key: 'what' } },
    { header: { name: 'x-user' } },
    { header: { name: 'x-user', key: 'user' } },
    { remoteAddress: {} },
    { value: 'free' },
  ]
  const limited: Calls = { domain: 'd', service: { host: 'h' }, failureMode: 'deny', descriptors: [{ entries }] }
  expect(limitedMatches({ method_name: 'add' }, limited).flatMap((one) => one.limits)).toEqual([
    {
      actions: [
        { request_headers: { header_name: ':method-name', descriptor_key: 'method' } },
        { request_headers: { header_name: ':method-name', descriptor_key: 'what' } },
        { request_headers: { header_name: 'x-user', descriptor_key: 'x-user' } },
        { request_headers: { header_name: 'x-user', descriptor_key: 'user' } },
        { remote_address: {} },
        { generic_key: { descriptor_value: 'free' } },
      ],
    },
  ])
})
