import fc from 'fast-check'
import type { Protocol } from '../sdk/protocol.ts'
import { profileSpec } from './random-profile.ts'
import { listText } from './subject.ts'

/** What a protocol adds to the objects that every mesh has. */
export interface MeshOptions {
  /** Annotations of its Services and ServiceEntries. */
  readonly annotations?: fc.Arbitrary<Readonly<Record<string, string>>>
  /** `match` entries of `http[]` routes. */
  readonly match?: fc.Arbitrary<Readonly<Record<string, unknown>>>
  /** Objects of the kinds that the protocol reads itself. */
  readonly objects?: fc.Arbitrary<RandomObject>
  /** `spec` of the functionConfig. */
  readonly config?: fc.Arbitrary<Readonly<Record<string, unknown>>>
}

/**
 * Random meshes as ResourceLists: services with and without addresses, ports that are and are not the protocol's,
 * routes to hosts and subsets that do and do not exist, objects that are missing. Names come from a small pool, so that
 * they meet.
 */
export function meshes(protocol: Protocol, options: MeshOptions = {}): fc.Arbitrary<string> {
  const objects = fc.oneof(
    { weight: 4, arbitrary: serviceEntry(protocol.name, options) },
    { weight: 2, arbitrary: service(protocol.name, options) },
    { weight: 3, arbitrary: virtualService(options) },
    { weight: 2, arbitrary: destinationRule },
    { weight: 2, arbitrary: deployment(protocol.name) },
    { weight: 1, arbitrary: somethingElse },
    ...(options.objects === undefined ? [] : [{ weight: 4, arbitrary: options.objects }]),
  )
  const profile = fc.option(meshProfile, { nil: undefined })
  const config = fc.option(functionConfig(protocol.kind, options), { nil: undefined })
  return fc
    .record({ items: fc.uniqueArray(objects, { maxLength: 9, selector: identity }), profile, config })
    .map(({ items, profile: own, config: spec }) => listText(own === undefined ? items : [...items, own], spec))
}

export interface RandomObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown }
  readonly [field: string]: unknown
}

function identity({ kind, metadata }: RandomObject): string {
  return `${kind}/${metadata.namespace}/${metadata.name}`
}

const name = fc.constantFrom('orders', 'stock', 'users')
const namespace = fc.constantFrom('shop', 'bank')
const subset = fc.constantFrom('v1', 'v2')
const number = fc.constantFrom(20880, 20881, 6379)
const address = fc.constantFrom('240.240.0.1', '240.240.0.2', '240.240.0.3', '10.0.0.0/24', 'fd00::1', '0.0.0.0')
const exportTo = fc.constantFrom(['*'], ['.'], ['bank'], ['shop', 'bank'], ['~'])
const serviceEntryHost = fc.constantFrom('orders.mesh', 'stock.mesh', 'users.mesh')
const destinationHost = fc.constantFrom(
  'orders.mesh',
  'stock.mesh',
  'orders',
  'orders.shop.svc.cluster.local',
  'missing.mesh',
)

function portName(protocol: string): fc.Arbitrary<string> {
  const ours = fc.constantFrom(`tcp-${protocol}`, `tcp-${protocol}-two`, protocol)
  return fc.oneof(
    { weight: 4, arbitrary: ours },
    { weight: 1, arbitrary: fc.constantFrom('tcp', `http-${protocol}-ui`) },
  )
}

function metadata(options: MeshOptions) {
  const annotations = options.annotations ?? fc.constant({})
  return fc.record({ name, namespace, annotations })
}

function serviceEntry(protocol: string, options: MeshOptions): fc.Arbitrary<RandomObject> {
  const port = fc.record({ number, name: portName(protocol), protocol: fc.constantFrom('TCP', 'TCP', 'TCP', 'HTTP') })
  const spec = fc.record(
    {
      hosts: fc.uniqueArray(serviceEntryHost, { minLength: 1, maxLength: 2 }),
      ports: fc.uniqueArray(port, { minLength: 1, maxLength: 2, selector: (one) => one.number }),
      resolution: fc.constantFrom('STATIC', 'DNS', 'NONE'),
      addresses: fc.uniqueArray(address, { minLength: 1, maxLength: 2 }),
      exportTo,
      workloadSelector: fc.constant({ labels: { app: 'orders' } }),
    },
    { requiredKeys: ['hosts', 'ports', 'resolution'] },
  )
  return object('networking.istio.io/v1', 'ServiceEntry', metadata(options), spec)
}

function service(protocol: string, options: MeshOptions): fc.Arbitrary<RandomObject> {
  const port = fc.record(
    {
      port: number,
      name: portName(protocol),
      targetPort: fc.constantFrom<number | string>(20880, 'serve', 'absent'),
      appProtocol: fc.constantFrom('tcp', 'http'),
    },
    { requiredKeys: ['port', 'name'] },
  )
  const spec = fc.record(
    {
      ports: fc.uniqueArray(port, { minLength: 1, maxLength: 2, selector: (one) => one.port }),
      clusterIP: fc.constantFrom('10.96.0.1', '10.96.0.2', 'None'),
      selector: fc.constant({ app: 'orders' }),
    },
    { requiredKeys: ['ports'] },
  )
  return object('v1', 'Service', metadata(options), spec)
}

function virtualService(options: MeshOptions): fc.Arbitrary<RandomObject> {
  const destination = fc.record(
    { host: destinationHost, subset, port: fc.record({ number }) },
    { requiredKeys: ['host'] },
  )
  const target = fc.record({ destination, weight: fc.constantFrom(0, 1, 30, 70) }, { requiredKeys: ['destination'] })
  const route = fc.array(target, { minLength: 1, maxLength: 3 })
  const match = fc.array(options.match ?? fc.constant({}), { minLength: 1, maxLength: 2 })
  const http = fc.record(
    { route, match, timeout: fc.constant('3s'), name: fc.constant('named') },
    { requiredKeys: ['route'] },
  )
  const hosts = fc.uniqueArray(destinationHost, { minLength: 1, maxLength: 2 })
  const spec = fc.oneof(
    { weight: 4, arbitrary: fc.record({ hosts, http: fc.array(http, { minLength: 1, maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ hosts, tcp: fc.array(fc.record({ route }), { minLength: 1, maxLength: 1 }) }) },
  )
  return object('networking.istio.io/v1', 'VirtualService', fc.record({ name, namespace }), spec)
}

const destinationRule: fc.Arbitrary<RandomObject> = object(
  'networking.istio.io/v1beta1',
  'DestinationRule',
  fc.record({ name, namespace }),
  fc
    .record({ host: destinationHost, subsets: fc.uniqueArray(subset, { maxLength: 2 }) })
    .map(({ host, subsets }) => ({ host, subsets: subsets.map((one) => ({ name: one, labels: { version: one } })) })),
)

function deployment(protocol: string): fc.Arbitrary<RandomObject> {
  const ports = fc.array(fc.record({ name: fc.constantFrom('serve', protocol), containerPort: number }), {
    maxLength: 2,
  })
  return object(
    'apps/v1',
    'Deployment',
    fc.record({ name, namespace }),
    ports.map((list) => ({
      selector: { matchLabels: { app: 'orders' } },
      template: {
        metadata: { labels: { app: 'orders' } },
        spec: { containers: [{ name: 'main', image: 'a', ports: list }] },
      },
    })),
  )
}

const somethingElse: fc.Arbitrary<RandomObject> = object(
  'v1',
  'ConfigMap',
  fc.record({ name, namespace }),
  fc.constant({}),
)

const meshProfile: fc.Arbitrary<RandomObject> = object(
  'meltemi.dev/v1alpha1',
  'MeshProfile',
  fc.constant({ name: 'mesh' }),
  profileSpec(number),
)

function functionConfig(kind: string, options: MeshOptions): fc.Arbitrary<RandomObject> {
  return object('meltemi.dev/v1alpha1', kind, fc.constant({ name: 'config' }), options.config ?? fc.constant({}))
}

function object(
  apiVersion: string,
  kind: string,
  meta: fc.Arbitrary<RandomObject['metadata']>,
  spec: fc.Arbitrary<object>,
): fc.Arbitrary<RandomObject> {
  return fc.record({ metadata: meta, spec }).map((fields) => ({ apiVersion, kind, ...fields }))
}
