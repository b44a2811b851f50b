import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../krm/diagnostic.ts'
import type { KubernetesObject, Sourced } from '../krm/object.ts'
import { diagnosticsOf, resultOf } from '../krm/outcome.ts'
import { isAutoscaler } from './autoscaler.ts'
import { decode, type Inputs, isWorkload, reads } from './decode.ts'

function object(apiVersion: string, kind: string, spec: unknown, metadata = {}): KubernetesObject {
  return { apiVersion, kind, metadata: { name: 'x', ...metadata }, spec }
}

function istio(kind: string, spec: unknown): KubernetesObject {
  return object('networking.istio.io/v1', kind, spec)
}

function decoded(...objects: readonly KubernetesObject[]): {
  readonly inputs: Inputs
  readonly problems: readonly Diagnostic[]
} {
  const sourced = objects.map((value, item): Sourced<KubernetesObject> => {
    const { apiVersion, kind, metadata } = value
    return { value, source: { item, ref: { apiVersion, kind, name: metadata.name } } }
  })
  const outcome = decode(sourced)
  const inputs = resultOf(outcome)
  if (inputs === undefined) throw new Error('decode always has a value')
  return { inputs, problems: diagnosticsOf(outcome) }
}

function problemsOf(...objects: readonly KubernetesObject[]): readonly string[] {
  return decoded(...objects).problems.map(({ severity, place, message }) => `${severity} ${place?.path}: ${message}`)
}

const port = 'must be an integer from 1 to 65535'

describe('reads', () => {
  test.each([
    ['v1', 'Service'],
    ['networking.istio.io/v1alpha3', 'ServiceEntry'],
    ['networking.istio.io/v1beta1', 'VirtualService'],
    ['networking.istio.io/v1', 'DestinationRule'],
    ['networking.istio.io/v1', 'WorkloadEntry'],
    ['meltemi.dev/v1alpha1', 'MeshProfile'],
  ])('%s %s', (apiVersion, kind) => {
    expect(reads({ apiVersion, kind })).toBe(true)
  })

  test.each([
    ['v1', 'Pod'],
    ['apps/v1', 'Deployment'],
    ['apps/v1', 'StatefulSet'],
    ['apps/v1', 'DaemonSet'],
  ])('%s %s is a workload, read where it matters', (apiVersion, kind) => {
    expect(reads({ apiVersion, kind })).toBe(false)
    expect(isWorkload({ apiVersion, kind })).toBe(true)
  })

  test.each([
    ['v1', 'ConfigMap'],
    ['serving.knative.dev/v1', 'Service'],
    ['gateway.networking.k8s.io/v1', 'Gateway'],
    ['networking.istio.io/v1', 'Gateway'],
    ['networking.istio.io/v1alpha3', 'EnvoyFilter'],
    ['apps/v1', 'ReplicaSet'],
  ])('not %s %s', (apiVersion, kind) => {
    expect(reads({ apiVersion, kind })).toBe(false)
    expect(isWorkload({ apiVersion, kind })).toBe(false)
  })
})

describe('what scales workloads', () => {
  test.each([
    ['autoscaling/v1', 'HorizontalPodAutoscaler', true],
    ['autoscaling/v2', 'HorizontalPodAutoscaler', true],
    ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', true],
    ['keda.sh/v1alpha1', 'ScaledObject', true],
    ['keda.sh/v1alpha1', 'ScaledJob', false],
    ['autoscaling.k8s.io/v1', 'VerticalPodAutoscaler', false],
    ['example.com/v1', 'HorizontalPodAutoscaler', false],
  ])('%s %s: %s', (apiVersion, kind, isOne) => {
    expect(isAutoscaler({ apiVersion, kind })).toBe(isOne)
    expect(reads({ apiVersion, kind })).toBe(false)
  })

  test('is never an error, and may be any of its namespace where its target cannot be read', () => {
    const { inputs, problems } = decoded(
      object('autoscaling/v2', 'HorizontalPodAutoscaler', { scaleTargetRef: { name: 7 } }),
    )
    expect(inputs.autoscalers).toEqual([{ namespace: 'default', mayBeSeveral: true }])
    expect(problems).toMatchObject([
      {
        severity: 'warning',
        place: { path: 'spec.scaleTargetRef.name' },
        message:
          'must be a string that is not empty, not 7. What it scales is not known, so every workload of its namespace counts as scaled',
        currentValue: 7,
      },
    ])
  })
})

describe('decode', () => {
  test('sorts by kind and keeps fields that it does not know', () => {
    const { inputs, problems } = decoded(
      object('v1', 'Service', { ports: [{ port: 80, nodePort: 30080 }], sessionAffinity: 'None' }),
      istio('ServiceEntry', { hosts: ['a.b'], future: { x: 1 } }),
      istio('VirtualService', { hosts: ['a.b'], http: [{ timeout: '1s', route: [{ destination: { host: 'a.b' } }] }] }),
      istio('DestinationRule', { host: 'a.b', trafficPolicy: { tls: { mode: 'DISABLE' } } }),
      istio('Gateway', { servers: 'nobody reads it, so that it cannot fail a render' }),
      istio('WorkloadEntry', { address: '10.0.0.1', ports: { dubbo: 20880 } }),
      object('apps/v1', 'Deployment', { template: { metadata: { labels: { app: 'x' } }, spec: { containers: [] } } }),
      object('v1', 'Pod', { containers: [{ ports: [{ containerPort: 1 }] }] }, { labels: { app: 'y' } }),
      object('meltemi.dev/v1alpha1', 'MeshProfile', { anything: 1 }),
      object('v1', 'ConfigMap', undefined),
    )
    expect(problems).toEqual([])
    expect(inputs.services.map(({ value }) => value.spec)).toEqual([
      { ports: [{ port: 80, nodePort: 30080 }], sessionAffinity: 'None' },
    ])
    expect(inputs.serviceEntries[0]?.value.spec).toEqual({ hosts: ['a.b'], future: { x: 1 } })
    expect(inputs.virtualServices[0]?.value.spec.http?.[0]).toHaveProperty('timeout', '1s')
    expect(inputs.destinationRules[0]?.value.spec.trafficPolicy).toEqual({ tls: { mode: 'DISABLE' } })
    expect(inputs.workloadEntries[0]?.value.spec.ports).toEqual({ dubbo: 20880 })
    expect(inputs.workloads.map(({ value }) => value.labels)).toEqual([{ app: 'x' }, { app: 'y' }])
    expect(inputs.meshProfiles.map(({ source }) => source.item)).toEqual([8])
  })

  test.each(['v1alpha3', 'v1beta1', 'v1'])('takes networking.istio.io/%s', (version) => {
    expect(
      decoded(object(`networking.istio.io/${version}`, 'ServiceEntry', { hosts: ['a'] })).inputs.serviceEntries,
    ).toHaveLength(1)
  })

  test('does not pass over an Istio object in a version that nobody serves', () => {
    const { inputs, problems } = decoded(object('networking.istio.io/v2', 'VirtualService', { hosts: ['a'] }))
    expect(inputs.virtualServices).toEqual([])
    expect(problems).toMatchObject([
      {
        severity: 'error',
        place: { path: 'apiVersion' },
        currentValue: 'networking.istio.io/v2',
        proposedValue: 'networking.istio.io/v1',
      },
    ])
  })

  test('takes null for absent, as the API server does', () => {
    const { inputs, problems } = decoded(
      object('v1', 'Service', { ports: [{ port: 80, name: null, targetPort: null }], selector: null, clusterIP: null }),
      istio('VirtualService', { hosts: ['a'], http: null, gateways: null }),
    )
    expect(problems).toEqual([])
    expect(inputs.services[0]?.value.spec).toEqual({ ports: [{ port: 80 }] })
    expect(inputs.virtualServices[0]?.value.spec).toEqual({ hosts: ['a'] })
  })

  test('does not change the object that it reads', () => {
    const original = object('v1', 'Service', { ports: [{ port: 80, name: null }, { port: 0 }] })
    const before = JSON.stringify(original)
    decoded(original)
    expect(JSON.stringify(original)).toBe(before)
  })

  test.each([
    ['Service port 0', object('v1', 'Service', { ports: [{ port: 0 }] }), [`error spec.ports[0].port: ${port}, not 0`]],
    [
      'Service port 70000',
      object('v1', 'Service', { ports: [{ port: 80 }, { port: 70000 }] }),
      [`error spec.ports[1].port: ${port}, not 70000`],
    ],
    [
      'Service port as a string',
      object('v1', 'Service', { ports: [{ port: '80' }] }),
      [`error spec.ports[0].port: ${port}, not "80"`],
    ],
    [
      'Service port with a fraction',
      object('v1', 'Service', { ports: [{ port: 80.5 }] }),
      [`error spec.ports[0].port: ${port}, not 80.5`],
    ],
    [
      'Service port missing',
      object('v1', 'Service', { ports: [{ name: 'a' }] }),
      [`error spec.ports[0]: must have the field \`port\`: it ${port}`],
    ],
    [
      'Service port null',
      object('v1', 'Service', { ports: [{ port: null }] }),
      [`error spec.ports[0].port: ${port}, not null`],
    ],
    [
      'a port that is a scalar',
      object('v1', 'Service', { ports: [80] }),
      ['error spec.ports[0]: must be a port, not a number'],
    ],
    ['a null port', object('v1', 'Service', { ports: [null] }), ['error spec.ports[0]: must be a port, not null']],
    [
      'ports as a map',
      object('v1', 'Service', { ports: { a: 1 } }),
      ['error spec.ports: must be a list of ports, not a map'],
    ],
    [
      'targetPort "8080"',
      object('v1', 'Service', { ports: [{ port: 1, targetPort: '8080' }] }),
      [
        'error spec.ports[0].targetPort: must be a port number from 1 to 65535, or the name of a container port, not "8080"',
      ],
    ],
    [
      'a selector with numbers',
      object('v1', 'Service', { selector: { app: 1 } }),
      ['error spec.selector.app: must be a string, not 1'],
    ],
    [
      'a key that is no identifier',
      object('v1', 'Service', { selector: { 'a.b/c': true } }),
      ['error spec.selector["a.b/c"]: must be a string, not true'],
    ],
    [
      'clusterIPs as a string',
      object('v1', 'Service', { clusterIPs: '10.0.0.1' }),
      ['error spec.clusterIPs: must be a list of strings, not a string'],
    ],
    ['no spec', object('v1', 'Service', undefined), ['error : must have the field `spec`: it must be an object']],
    [
      'labels that are no map',
      object('v1', 'Service', {}, { labels: ['a'] }),
      ['error metadata.labels: must be a map from names to strings, not a list'],
    ],
    [
      'annotations with booleans',
      object('v1', 'Service', {}, { annotations: { interface: true } }),
      ['error metadata.annotations.interface: must be a string, not true'],
    ],
    [
      'hosts as a string',
      istio('ServiceEntry', { hosts: 'a.b' }),
      ['error spec.hosts: must be a list of strings, not a string'],
    ],
    [
      'hosts missing',
      istio('ServiceEntry', {}),
      ['error spec: must have the field `hosts`: it must be a list of strings'],
    ],
    [
      'an empty host',
      istio('ServiceEntry', { hosts: [''] }),
      [
        'error spec.hosts[0]: must be a host, such as "orders.example.com" or "*.example.com", of 255 characters at most, not ""',
      ],
    ],
    [
      'ServiceEntry targetPort as a name',
      istio('ServiceEntry', { hosts: ['a'], ports: [{ number: 1, name: 'a', targetPort: 'x' }] }),
      [`error spec.ports[0].targetPort: ${port}, not "x"`],
    ],
    [
      'addresses as a map',
      istio('ServiceEntry', { hosts: ['a'], addresses: {} }),
      ['error spec.addresses: must be a list of strings, not a map'],
    ],
    [
      'endpoint ports',
      istio('ServiceEntry', { hosts: ['a'], endpoints: [{ ports: { dubbo: 0 } }] }),
      [`error spec.endpoints[0].ports.dubbo: ${port}, not 0`],
    ],
    [
      'a workloadSelector with numbers',
      istio('ServiceEntry', { hosts: ['a'], workloadSelector: { labels: { a: 1 } } }),
      ['error spec.workloadSelector.labels.a: must be a string, not 1'],
    ],
    [
      'exportTo as a string',
      istio('ServiceEntry', { hosts: ['a'], exportTo: '*' }),
      ['error spec.exportTo: must be a list of strings, not a string'],
    ],
    [
      'exportTo with what is no namespace',
      istio('ServiceEntry', { hosts: ['a'], exportTo: ['.', 'UPPER', '../a'] }),
      [
        'error spec.exportTo[1]: must be the name of a namespace, "*", "." or "~", not "UPPER"',
        'error spec.exportTo[2]: must be the name of a namespace, "*", "." or "~", not "../a"',
      ],
    ],
    [
      'an empty regular expression',
      istio('VirtualService', { http: [{ match: [{ method: { regex: '' } }] }] }),
      ['error spec.http[0].match[0].method.regex: must be a string that is not empty, not ""'],
    ],
    [
      'header names that Envoy refuses',
      istio('VirtualService', {
        http: [{ match: [{ headers: { '': {} }, withoutHeaders: { ok: {}, 'a\nb': {} } }] }],
      }),
      [
        'error spec.http[0].match[0].headers: must hold names that are not empty and have no line break, and "" is none',
        'error spec.http[0].match[0].withoutHeaders: must hold names that are not empty and have no line break, and "a\\nb" is none',
      ],
    ],
    [
      'hosts that would break the names of clusters',
      istio('ServiceEntry', { hosts: ['a|b', '*', '', '*.ok-1.example.', '-a.b'] }),
      [
        'error spec.hosts[0]: must be a host, such as "orders.example.com" or "*.example.com", of 255 characters at most, not "a|b"',
        'error spec.hosts[1]: must be a host, such as "orders.example.com" or "*.example.com", of 255 characters at most, not "*"',
        'error spec.hosts[2]: must be a host, such as "orders.example.com" or "*.example.com", of 255 characters at most, not ""',
        'error spec.hosts[4]: must be a host, such as "orders.example.com" or "*.example.com", of 255 characters at most, not "-a.b"',
      ],
    ],
    [
      'names of subsets that would',
      istio('DestinationRule', { host: 'a', subsets: [{ name: 'a|b' }, { name: 'V1-a' }, { name: '' }] }),
      [
        'error spec.subsets[0].name: must be a DNS label: letters, digits and `-`, 63 at most, not "a|b"',
        'error spec.subsets[2].name: must be a DNS label: letters, digits and `-`, 63 at most, not ""',
      ],
    ],
    [
      'http as a map',
      istio('VirtualService', { http: {} }),
      ['error spec.http: must be a list of HTTP routes, not a map'],
    ],
    [
      'a negative weight',
      istio('VirtualService', { http: [{ route: [{ destination: { host: 'a' }, weight: -1 }] }] }),
      ['error spec.http[0].route[0].weight: must be an integer from 0 to 2147483647, not -1'],
    ],
    [
      'a weight with a fraction',
      istio('VirtualService', { tcp: [{ route: [{ destination: { host: 'a' }, weight: 0.5 }] }] }),
      ['error spec.tcp[0].route[0].weight: must be an integer from 0 to 2147483647, not 0.5'],
    ],
    [
      'a weight as a string',
      istio('VirtualService', { http: [{ route: [{ destination: { host: 'a' }, weight: '80' }] }] }),
      ['error spec.http[0].route[0].weight: must be an integer from 0 to 2147483647, not "80"'],
    ],
    [
      'no destination',
      istio('VirtualService', { http: [{ route: [{ weight: 1 }] }] }),
      ['error spec.http[0].route[0]: must have the field `destination`: it must be an object'],
    ],
    [
      'a destination port as a number',
      istio('VirtualService', { http: [{ route: [{ destination: { host: 'a', port: 80 } }] }] }),
      ['error spec.http[0].route[0].destination.port: must be an object with `number`, not a number'],
    ],
    [
      'two kinds of match',
      istio('VirtualService', { http: [{ match: [{ method: { exact: 'a', prefix: 'b' } }] }] }),
      ['error spec.http[0].match[0].method: must hold exactly one of `exact`, `prefix` and `regex`'],
    ],
    [
      'a method without a match',
      istio('VirtualService', { http: [{ match: [{ method: {} }] }] }),
      ['error spec.http[0].match[0].method: must hold one of `exact`, `prefix` and `regex`'],
    ],
    [
      'a header as a string',
      istio('VirtualService', { http: [{ match: [{ headers: { user: 'a' } }] }] }),
      ['error spec.http[0].match[0].headers.user: must be an object with `exact`, `prefix` or `regex`, not a string'],
    ],
    [
      'a header that is null',
      istio('VirtualService', { http: [{ match: [{ headers: { user: null } }] }] }),
      ['error spec.http[0].match[0].headers.user: must be an object with `exact`, `prefix` or `regex`, not null'],
    ],
    [
      'a header value that is a number',
      istio('VirtualService', { http: [{ match: [{ headers: { user: { exact: 1 } } }] }] }),
      ['error spec.http[0].match[0].headers.user.exact: must be a string, not 1'],
    ],
    [
      'a match port 0',
      istio('VirtualService', { http: [{ match: [{ port: 0 }] }] }),
      [`error spec.http[0].match[0].port: ${port}, not 0`],
    ],
    [
      'a DestinationRule without host',
      istio('DestinationRule', { subsets: [] }),
      ['error spec: must have the field `host`: it must be a string that is not empty'],
    ],
    [
      'subset labels with numbers',
      istio('DestinationRule', { host: 'a', subsets: [{ name: 'v1', labels: { version: 1 } }] }),
      ['error spec.subsets[0].labels.version: must be a string, not 1'],
    ],
    [
      'a subset without name',
      istio('DestinationRule', { host: 'a', subsets: [{}] }),
      [
        'error spec.subsets[0]: must have the field `name`: it must be a DNS label: letters, digits and `-`, 63 at most',
      ],
    ],
    [
      'port settings without port',
      istio('DestinationRule', { host: 'a', trafficPolicy: { portLevelSettings: [{}] } }),
      ['error spec.trafficPolicy.portLevelSettings[0]: must have the field `port`: it must be an object with `number`'],
    ],
    [
      'a containerPort as a string',
      object('apps/v1', 'Deployment', { template: { spec: { containers: [{ ports: [{ containerPort: '1' }] }] } } }),
      [`error spec.template.spec.containers[0].ports[0].containerPort: ${port}, not "1"`],
    ],
    [
      'a long value',
      istio('DestinationRule', { host: 'a', subsets: [{ name: 'x'.repeat(200) }] }),
      [
        `error spec.subsets[0].name: must be a DNS label: letters, digits and \`-\`, 63 at most, not "${'x'.repeat(76)}...`,
      ],
    ],
  ])('%s', (_, broken, expected) => {
    expect(problemsOf(broken)).toEqual(expected)
  })

  test('carries scalar values for tools to read, and no others', () => {
    const { problems } = decoded(object('v1', 'Service', { ports: [{ port: 'http' }], selector: ['a'] }))
    expect(problems.map(({ currentValue }) => currentValue)).toEqual([undefined, 'http'])
  })

  test.each<[string, object]>([
    ['spec', { spec: 'hunter2' }],
    ['template', { spec: { template: 'hunter2' } }],
    ['containers as a map', { spec: { template: { spec: { containers: { env: [{ value: 'hunter2' }] } } } } }],
    ['containers as text', { spec: { template: { spec: { containers: '- env: [{value: hunter2}]' } } } }],
    ['a container as text', { spec: { template: { spec: { containers: ['env: hunter2'] } } } }],
    ['a name that is a map', { spec: { template: { spec: { containers: [{ name: { env: 'hunter2' } }] } } } }],
  ])('quotes nothing that may hold more than one value: %s', (_, fields) => {
    const { problems } = decoded({ ...object('apps/v1', 'Deployment', {}), ...fields })
    expect(problems).toHaveLength(1)
    expect(JSON.stringify(problems)).not.toContain('hunter2')
  })

  test('reports every fault of an object, not the first', () => {
    expect(problemsOf(istio('ServiceEntry', { hosts: 1, addresses: 2, exportTo: 3 }))).toHaveLength(3)
  })

  test('a broken port costs that port alone, and the others keep their index', () => {
    const { inputs, problems } = decoded(
      istio('ServiceEntry', {
        hosts: ['a'],
        ports: [{ number: 'x', name: 'a' }, { number: 2, name: 'b', protocol: null }, 7],
      }),
    )
    expect(problems.map(({ place }) => place?.path)).toEqual(['spec.ports[0].number', 'spec.ports[2]'])
    expect(inputs.serviceEntries[0]?.value.spec.ports).toEqual([undefined, { number: 2, name: 'b' }, undefined])
  })

  test('a broken port beside another fault costs the object', () => {
    const { inputs } = decoded(istio('ServiceEntry', { hosts: ['a'], ports: [{ number: 0, name: 'a' }], exportTo: 1 }))
    expect(inputs.serviceEntries).toEqual([])
  })

  test('a broken object disturbs no other', () => {
    const good = istio('ServiceEntry', { hosts: ['good'] })
    const { inputs, problems } = decoded(istio('ServiceEntry', 'nonsense'), good, istio('VirtualService', []))
    expect(inputs.serviceEntries.map(({ source }) => source.item)).toEqual([1])
    expect(problems.map(({ place }) => place?.source.item)).toEqual([0, 2])
  })
})
