import { subjectOf } from 'meltemi/testing'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import dubbo from './index.ts'

/**
 * DubboAuthorizationPolicies whose words do not hold: who may call the services of their namespace is not known, so their providers
 * let nobody in, and no client gets a filter for them. `stock` is of another namespace.
 */
const { run } = subjectOf(dubbo)

const SERVICES = [
  ['orders', 'shop'],
  ['carts', 'shop'],
  ['stock', 'bank'],
] as const

function service([name, namespace]: readonly [string, string], n: number): string {
  return `- apiVersion: v1
  kind: Service
  metadata: {name: ${name}, namespace: ${namespace}}
  spec: {clusterIP: 10.96.0.${n + 1}, selector: {app: ${name}}, ports: [{name: tcp-dubbo, port: 20880}]}
`
}

const METADATA = '{name: a, namespace: shop}'
const REFUSED = '{name: a, namespace: shop, labels: {a: 1}}'
const SOUND = '{rules: [{from: [{source: {namespaces: [web]}}]}]}'
const BLOCK = '\n    name: a\n    namespace: shop'

interface Written {
  /** The first field stands behind the dash. */
  readonly head?: string
  readonly metadata?: string
  readonly spec?: string
}

function policy({ head, metadata = METADATA, spec = SOUND }: Written): string {
  return `- ${head ?? 'apiVersion: dubbo.aeraki.io/v1alpha1\n  kind: DubboAuthorizationPolicy'}
  metadata: ${metadata}
  spec: ${spec}
`
}

interface EnvoyFilter {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: { readonly configPatches: readonly { readonly patch: { readonly value: Filter } }[] }
}

interface Filter {
  readonly name: string
  readonly typed_config: { readonly rules?: { readonly action: string; readonly policies: object } }
}

async function render(items: string, { services = SERVICES.map(service).join(''), config = '{}' } = {}) {
  const { output, exitCode } = await run(
    `apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig: {apiVersion: meltemi.dev/v1alpha1, kind: Dubbo, metadata: {name: dubbo}, spec: ${config}}
items:
${services}${items}`,
  )
  // The items of some are no YAML.
  const [, written = ''] = /^(- apiVersion: networking.istio.io\/v1alpha3.*?)?^results:/ms.exec(output ?? '') ?? []
  const [, said = '[]'] = (output ?? '').split(/^results:/m)
  const results: readonly { readonly message: string }[] = parse(said)
  const filters: readonly EnvoyFilter[] = parse(written) ?? []
  const of = (side: string, name: string) =>
    filters.find(({ metadata }) => metadata.name.startsWith(`dubbo-${side}-${name}-`))
  const hosts = ['orders', 'carts', 'stock']
  return {
    served: hosts.filter((host) => of('outbound', host) !== undefined),
    /** Whom the providers of each host let in. */
    guards: Object.fromEntries(hosts.map((host) => [host, guardOf(of('inbound', host))])),
    text: written,
    messages: results.map(({ message }) => message).join('\n'),
    exitCode,
  }
}

function guardOf(filter: EnvoyFilter | undefined): string {
  const guards = filter?.spec.configPatches.map(({ patch }) => patch.value) ?? []
  if (guards.length === 0) return 'anybody'
  return guards.every(isClosed) ? 'nobody' : 'some'
}

/** An ALLOW that nobody is named by. */
function isClosed({ typed_config: { rules } }: Filter): boolean {
  return rules?.action === 'ALLOW' && Object.keys(rules.policies).length === 0
}

const EVERY = ['orders', 'carts', 'stock']
const CLOSED = { orders: 'nobody', carts: 'nobody', stock: 'anybody' }

test('without any, and with a sound one, all are served', async () => {
  const open = { orders: 'anybody', carts: 'anybody', stock: 'anybody' }
  expect(await render('')).toMatchObject({ served: EVERY, guards: open, exitCode: 0 })
  const guards = { orders: 'some', carts: 'some', stock: 'anybody' }
  expect(await render(policy({}))).toMatchObject({ served: EVERY, guards, exitCode: 0 })
})

const IN_ERROR = [
  ['breaks its schema', policy({ spec: '{rules: [{from: [{source: {}}]}]}' })],
  ['misspells a field', policy({ spec: '{acton: DENY}' })],
  ['has a spec that is none', policy({ spec: 'DENY' })],
  ['names what no filter sees', policy({ spec: '{rules: [{to: [{operation: {methods: [get]}}]}]}' })],
  ['names a principal that nobody is', policy({ spec: '{rules: [{from: [{source: {principals: ["a*b"]}}]}]}' })],
  ['has refused metadata', policy({ metadata: REFUSED })],
  ['has no name', policy({ metadata: '{namespace: shop}' })],
  ['has no kind', policy({ head: 'apiVersion: dubbo.aeraki.io/v1alpha1' })],
  ['has no apiVersion', policy({ head: 'kind: DubboAuthorizationPolicy' })],
  ['stands twice', policy({}) + policy({ spec: '{action: DENY}' })],
  ['stands twice, refused the first time', policy({ metadata: REFUSED }) + policy({})],
  ['is no YAML', policy({ metadata: BLOCK, spec: '{rules: *nowhere}' })],
] as const

const BESIDE = policy({ metadata: '{name: b, namespace: shop}' })

test.each(
  IN_ERROR.flatMap(([what, items]) => [[what, items] as const, [`${what}, beside a sound one`, items + BESIDE]]),
)('where one %s, its namespace has no filter but guards that let nobody in, and that is said', async (_, items) => {
  const { served, guards, messages, exitCode } = await render(items)
  expect(served).toEqual(['stock'])
  expect(guards).toEqual(CLOSED)
  expect(messages).toContain(
    'orders.shop.svc.cluster.local:20880 gets no filter and stays plain TCP, until the errors of ',
  )
  expect(messages).toContain('orders.shop.svc.cluster.local:20880 lets nobody in until the errors of ')
  expect(messages).not.toContain('stock.bank')
  expect(exitCode).toBe(1)
})

test.each(['{name: a, namespace: 7}', '[a]', 'shop'])(
  'where the metadata of one are %s, it may be of any namespace, and nobody is let in anywhere',
  async (metadata) => {
    const { served, guards, exitCode } = await render(policy({ metadata }))
    expect(served).toEqual([])
    expect(guards).toEqual({ orders: 'nobody', carts: 'nobody', stock: 'nobody' })
    expect(exitCode).toBe(1)
  },
)

test('one of a namespace without a Dubbo port holds nothing back', async () => {
  const { served, exitCode } = await render(policy({ metadata: '{name: a, namespace: empty, labels: {a: 1}}' }))
  expect(served).toEqual(EVERY)
  expect(exitCode).toBe(1)
})

test('under `inbound: true` the providers have the guard alone', async () => {
  const { guards } = await render(policy({ metadata: REFUSED }), { config: '{inbound: true}' })
  expect(guards).toEqual({ ...CLOSED, stock: 'some' })
})

const SHARED = ['orders', 'stock']
  .map(
    (name) => `- apiVersion: networking.istio.io/v1
  kind: ServiceEntry
  metadata: {name: ${name}, namespace: ${name === 'stock' ? 'bank' : 'shop'}, annotations: {interface: org.example.${name}}}
  spec:
    hosts: [${name}.dubbo]
    addresses: [240.240.0.1]
    resolution: STATIC
    ports: [{number: 20880, name: tcp-dubbo, protocol: TCP}]
    workloadSelector: {labels: {app: ${name}}}
`,
  )
  .join('')

test('who shares an address with a host that is held back is served without it', async () => {
  const sound = await render('', { services: SHARED })
  expect(sound.text).toContain('interface: org.example.orders')
  const { text, messages } = await render(policy({ metadata: REFUSED }), { services: SHARED })
  expect(text).toContain('interface: org.example.stock')
  expect(text).not.toContain('org.example.orders')
  expect(text).not.toContain('outbound|20880||orders.dubbo')
  expect(messages).toContain('orders.dubbo:20880 gets no filter and stays plain TCP')
})

test.each([
  ['whose pods nobody knows', '{clusterIP: 10.96.0.9, ports: [{name: tcp-dubbo, port: 20880}]}'],
  ['whose protocol is guessed', '{clusterIP: 10.96.0.9, selector: {app: orders}, ports: [{name: dubbo, port: 20880}]}'],
])('a service %s cannot be guarded, and gets no filter where a policy demands a guard', async (_, spec) => {
  const services = `- apiVersion: v1
  kind: Service
  metadata: {name: orders, namespace: shop}
  spec: ${spec}
${SERVICES.slice(1).map(service).join('')}`
  expect(await render('', { services })).toMatchObject({ served: EVERY, exitCode: 0 })
  const { served, guards, messages } = await render(policy({}), { services })
  expect(served).toEqual(['carts', 'stock'])
  expect(guards).toMatchObject({ orders: 'anybody', carts: 'some' })
  expect(messages).toContain(
    'orders.shop.svc.cluster.local:20880 cannot be guarded as DubboAuthorizationPolicy shop/a demands',
  )
})

const ROUTES = `- apiVersion: networking.istio.io/v1
  kind: VirtualService
  metadata: {name: orders, namespace: shop}
  spec: {hosts: [orders], http: [{match: [{method: {exact: get}}], route: [{destination: {host: orders}}]}]}
`

test('nothing that a filter does is said of hosts that get none', async () => {
  const services = SERVICES.slice(0, 2).map(service).join('')
  const said = ['is the last route and has a `match`', 'can abort the whole sidecar', 'refuses a caller by closing']
  const sound = await render(ROUTES + policy({}), { services })
  for (const text of said) expect(sound.messages).toContain(text)
  const { messages } = await render(ROUTES + policy({}) + policy({ metadata: '{namespace: shop}' }), { services })
  for (const text of said) expect(messages).not.toContain(text)
})
