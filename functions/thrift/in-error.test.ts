import { subjectOf } from 'meltemi/testing'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import thrift from './index.ts'

/**
 * ThriftRateLimits whose words do not hold: what they limit would run unlimited, so it gets no filter. `free` is another
 * service of their namespace, `far` one of another.
 */
const { run } = subjectOf(thrift)

const SERVICES = [
  ['adder', 'math'],
  ['tables', 'math'],
  ['free', 'math'],
  ['far', 'far'],
] as const

const EVERY = SERVICES.map(([name]) => name)
const METADATA = '{name: a, namespace: math}'
const REFUSED = '{name: a, namespace: math, labels: {a: 1}}'
const UNLIMITED = 'connections: {burst: 0, interval: 1s}'
const LIMITED = 'connections: {burst: 1, interval: 1s}'

function service([name, namespace]: readonly [string, string], n: number): string {
  return `- apiVersion: v1
  kind: Service
  metadata: {name: ${name}, namespace: ${namespace}}
  spec: {clusterIP: 10.96.0.${n + 1}, selector: {app: ${name}}, ports: [{name: tcp-thrift, port: 9090}]}
`
}

interface Written {
  /** The first field stands behind the dash. */
  readonly head?: string
  readonly metadata?: string
  readonly spec?: string
}

function limit({ head, metadata = METADATA, spec }: Written): string {
  return `- ${head ?? 'apiVersion: meltemi.dev/v1alpha1\n  kind: ThriftRateLimit'}
  metadata: ${metadata}
${spec === undefined ? '' : `  spec: ${spec}\n`}`
}

async function render(items: string, config = '{}') {
  const { output, exitCode } = await run(
    `apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig: {apiVersion: meltemi.dev/v1alpha1, kind: Thrift, metadata: {name: thrift}, spec: ${config}}
items:
${SERVICES.map(service).join('')}${items}`,
  )
  const servedOn = (side: string) => {
    const names = [...(output ?? '').matchAll(new RegExp(`^ +name: thrift-${side}-([a-z]+)-`, 'gm'))]
    return EVERY.filter((host) => names.some(([, name]) => name === host))
  }
  // The items of some are no YAML.
  const [, written = '[]'] = (output ?? '').split(/^results:/m)
  const results: readonly { readonly message: string }[] = parse(written)
  const messages = results.map(({ message }) => message).join('\n')
  return { served: servedOn('outbound'), inbound: servedOn('inbound'), messages, exitCode }
}

test('with a sound one all are served', async () => {
  expect(await render(limit({ spec: `{host: adder, ${LIMITED}}` }))).toMatchObject({ served: EVERY, exitCode: 0 })
})

test.each([
  ['breaks its schema', limit({ spec: `{host: adder, ${UNLIMITED}}` })],
  ['has a port that is none', limit({ spec: `{host: adder, port: "9090", ${LIMITED}}` })],
  ['has refused metadata', limit({ metadata: REFUSED, spec: `{host: adder, ${LIMITED}}` })],
  ['has no name', limit({ metadata: '{namespace: math}', spec: `{host: adder, ${LIMITED}}` })],
  ['has no kind', limit({ head: 'apiVersion: meltemi.dev/v1alpha1', spec: `{host: adder, ${LIMITED}}` })],
  ['has no apiVersion', limit({ head: 'kind: ThriftRateLimit', spec: `{host: adder, ${LIMITED}}` })],
])('where one %s, its host gets no filter, and that is said', async (_, items) => {
  const { served, messages, exitCode } = await render(items)
  expect(served).toEqual(['tables', 'free', 'far'])
  expect(messages).toContain(
    'adder.math.svc.cluster.local:9090 gets no filter and stays plain TCP, until the errors of ',
  )
  expect(exitCode).toBe(1)
})

test('a host of another namespace is held back by its whole name', async () => {
  const { served } = await render(limit({ spec: `{host: far.far.svc.cluster.local, ${UNLIMITED}}` }))
  expect(served).toEqual(['adder', 'tables', 'free'])
})

test('another port of the host is not', async () => {
  const { served } = await render(limit({ spec: `{host: adder, port: 9999, ${UNLIMITED}}` }))
  expect(served).toEqual(EVERY)
})

test.each([
  ['for one host each', METADATA],
  ['refused the first time', REFUSED],
])('where one stands twice, %s, the hosts of both get no filter', async (_, metadata) => {
  const { served, exitCode } = await render(
    limit({ metadata, spec: `{host: adder, ${LIMITED}}` }) + limit({ spec: `{host: tables, ${LIMITED}}` }),
  )
  expect(served).toEqual(['free', 'far'])
  expect(exitCode).toBe(1)
})

test('where two limit one host, it gets no filter', async () => {
  const twin = limit({ metadata: '{name: b, namespace: math}', spec: `{host: adder, ${LIMITED}}` })
  const { served } = await render(limit({ spec: `{host: adder, ${LIMITED}}` }) + twin)
  expect(served).toEqual(['tables', 'free', 'far'])
})

const BLOCK = '\n    name: a\n    namespace: math'

test.each([
  ['is no YAML', limit({ metadata: BLOCK, spec: '{host: *nowhere}' })],
  ['has no spec', limit({})],
  ['misspells its host', limit({ spec: `{hosts: adder, ${LIMITED}}` })],
  ['has a number for a host', limit({ spec: `{host: 7, ${LIMITED}}` })],
  ['has an empty host', limit({ spec: `{host: "", ${LIMITED}}` })],
  ['has a namespace that is none', limit({ metadata: '{name: a, namespace: 7}', spec: `{host: adder, ${LIMITED}}` })],
])('where one %s, nobody knows what it limits, and nothing gets a filter', async (_, items) => {
  const { served, messages, exitCode } = await render(items)
  expect(served).toEqual([])
  expect(messages).toContain(
    'speaks for hosts that cannot be read, so it may be any: none of them gets a filter until the errors of this object are mended',
  )
  expect(exitCode).toBe(1)
})

test('of several objects in error, a port names the last that may be meant for it', async () => {
  const named = (name: string, spec: string) => limit({ metadata: `{name: ${name}, namespace: math}`, spec })
  const { messages } = await render(
    named('a', `{host: adder, ${UNLIMITED}}`) + named('b', '{host: 7}') + named('c', `{host: tables, ${UNLIMITED}}`),
  )
  const until = 'gets no filter and stays plain TCP, until the errors of ThriftRateLimit'
  expect(messages).toContain(`adder.math.svc.cluster.local:9090 ${until} math/b`)
  expect(messages).toContain(`tables.math.svc.cluster.local:9090 ${until} math/c`)
})

test('the servers of a host that is held back get no filter either', async () => {
  expect(await render('', '{inbound: true}')).toMatchObject({ inbound: EVERY })
  const { inbound, messages } = await render(limit({ spec: `{host: adder, ${UNLIMITED}}` }), '{inbound: true}')
  expect(inbound).toEqual(['tables', 'free', 'far'])
  expect(messages).toContain(
    'adder.math.svc.cluster.local:9090 gets no inbound filter until the errors of ThriftRateLimit math/a are mended',
  )
})

const ROUTES = `- apiVersion: networking.istio.io/v1
  kind: VirtualService
  metadata: {name: adder, namespace: math}
  spec: {hosts: [adder], http: [{match: [{method: {exact: add}}], route: [{destination: {host: adder}}]}]}
`

test('nothing that a filter does is said of hosts that get none', async () => {
  const config = '{services: [{host: adder.math.svc.cluster.local, transport: FRAMED}]}'
  const calls =
    'calls: {domain: d, service: {host: nowhere}, failureMode: deny, descriptors: [{entries: [{value: a}]}]}'
  const sound = await render(ROUTES, config)
  expect(sound.messages).toContain('is the last route and has a `match`')
  expect(sound.messages).toContain('a client that does not speak FRAMED')
  const { served, messages } = await render(ROUTES + limit({ spec: `{host: adder, ${calls}}` }), config)
  expect(served).toEqual(['tables', 'free', 'far'])
  expect(messages).not.toContain('is the last route and has a `match`')
  expect(messages).not.toContain('a client that does not speak FRAMED')
  expect(messages).not.toContain('reads nothing more from a connection')
})
