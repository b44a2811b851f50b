import { describe, expect, test } from 'vitest'
import { bound, deployment, dubboEntry, istio, object, said, service } from './scene.test-support.ts'

type Fields = Readonly<Record<string, unknown>>

const app = { app: 'orders' }

function orders(port: Fields = {}, selector: Fields | undefined = app, name = 'orders') {
  const ports = [{ name: 'tcp-dubbo', port: 20880, ...port }]
  return service(name, { clusterIP: '10.0.0.1', ports, ...(selector === undefined ? {} : { selector }) })
}

function inbound(...objects: Parameters<typeof bound>[0][number][]) {
  const scene = bound(objects)
  return {
    listeners: scene.inbound.map(({ namespace, selector, containerPort, cluster }) => ({
      namespace,
      selector,
      containerPort,
      cluster,
    })),
    reasons: said(scene.inboundDiagnostics),
    said: scene.said,
  }
}

const at = (containerPort: number, selector: Fields = app) => [
  { namespace: 'shop', selector, containerPort, cluster: `inbound|${containerPort}||` },
]

describe('the container port', () => {
  test.each([
    ['is the port where there is no targetPort', {}, 20880],
    ['is a numeric targetPort', { targetPort: 9000 }, 9000],
    ['is what the name stands for in the workload', { targetPort: 'rpc' }, 7000],
  ])('%s', (_, port, expected) => {
    const workload = deployment('orders', app, [
      { name: 'admin', containerPort: 1 },
      { name: 'rpc', containerPort: 7000 },
    ])
    expect(inbound(orders(port), workload)).toEqual({ listeners: at(expected), reasons: [], said: [] })
  })

  test('of a number needs no workload in the list', () => {
    expect(inbound(orders({ targetPort: 9000 }))).toEqual({ listeners: at(9000), reasons: [], said: [] })
  })

  test.each([
    [
      'StatefulSet',
      object('apps/v1', 'StatefulSet', 'a', {
        template: { metadata: { labels: app }, spec: { containers: [{ ports: [{ name: 'rpc', containerPort: 7 }] }] } },
      }),
    ],
    [
      'DaemonSet',
      object('apps/v1', 'DaemonSet', 'a', {
        template: { metadata: { labels: app }, spec: { containers: [{ ports: [{ name: 'rpc', containerPort: 7 }] }] } },
      }),
    ],
    [
      'Pod',
      object('v1', 'Pod', 'a', { containers: [{ ports: [{ name: 'rpc', containerPort: 7 }] }] }, { labels: app }),
    ],
    [
      'sidecar container',
      object(
        'v1',
        'Pod',
        'a',
        { initContainers: [{ restartPolicy: 'Always', ports: [{ name: 'rpc', containerPort: 7 }] }] },
        { labels: app },
      ),
    ],
    [
      'second container',
      object('v1', 'Pod', 'a', { containers: [{}, { ports: [{ name: 'rpc', containerPort: 7 }] }] }, { labels: app }),
    ],
  ])('is found in a %s', (_, workload) => {
    expect(inbound(orders({ targetPort: 'rpc' }), workload).listeners).toEqual(at(7))
  })

  test.each([
    [
      'a UDP port of that name',
      object(
        'v1',
        'Pod',
        'a',
        { containers: [{ ports: [{ name: 'rpc', containerPort: 7, protocol: 'UDP' }] }] },
        { labels: app },
      ),
    ],
    [
      'an init container that ends',
      object('v1', 'Pod', 'a', { initContainers: [{ ports: [{ name: 'rpc', containerPort: 7 }] }] }, { labels: app }),
    ],
  ])('is not %s', (_, workload) => {
    expect(inbound(orders({ targetPort: 'rpc' }), workload)).toMatchObject({
      listeners: [],
      reasons: [
        'error Service shop/orders spec.ports[0].targetPort: must be a number, or the name of a TCP container port of the workload, because inbound listeners are found by container port; "rpc" is unknown: Pod shop/a has none',
      ],
    })
  })

  test('by a name that no workload explains is an error', () => {
    expect(inbound(orders({ targetPort: 'rpc' })).reasons[0]).toContain(
      '"rpc" is unknown: the list holds no workload that the selector selects',
    )
  })

  test('that differs by workload is an error', () => {
    const [v1, v2] = [7000, 8000].map((containerPort, i) =>
      deployment(`v${i + 1}`, { ...app, version: `v${i + 1}` }, [{ name: 'rpc', containerPort }]),
    )
    if (v1 === undefined || v2 === undefined) throw new Error('two')
    expect(inbound(orders({ targetPort: 'rpc' }), v1, v2)).toMatchObject({
      listeners: [],
      reasons: [
        'error Service shop/orders spec.ports[0].targetPort: must be one container port for all workloads of orders.shop.svc.cluster.local, because one filter serves them all; it is 7000 in Deployment shop/v1 and 8000 in Deployment shop/v2',
      ],
    })
  })

  test('is looked up in the namespace of the service', () => {
    const elsewhere = deployment('orders', app, [{ name: 'rpc', containerPort: 7 }], { namespace: 'other' })
    expect(inbound(orders({ targetPort: 'rpc' }), elsewhere).listeners).toEqual([])
  })

  test('a pod without the named port is no endpoint of it', () => {
    const bare = deployment('bare', app, [])
    expect(
      inbound(orders({ targetPort: 'rpc' }), bare, deployment('orders', app, [{ name: 'rpc', containerPort: 7 }]))
        .listeners,
    ).toEqual(at(7))
  })
})

describe('the selector', () => {
  test('none: no listener, and the reason', () => {
    const none = service('orders', { clusterIP: '10.0.0.1', ports: [{ name: 'tcp-dubbo', port: 20880 }], selector: {} })
    expect(inbound(none)).toEqual({
      listeners: [],
      reasons: [
        'warning Service shop/orders spec.ports[0]: has no inbound filter: orders.shop.svc.cluster.local has no `spec.selector`, so nothing says which pods serve it',
      ],
      said: [],
    })
  })

  test('that selects nothing is a warning where the namespace has workloads in the list', () => {
    const { listeners, said: warnings } = inbound(orders(), deployment('other', { app: 'other' }, []))
    expect(listeners).toEqual(at(20880))
    expect(warnings).toEqual([
      'warning Service shop/orders spec.selector: should select a workload: no Deployment, StatefulSet, DaemonSet, Pod or WorkloadEntry of namespace shop in the list has the labels app=orders, so orders.shop.svc.cluster.local has no endpoints here',
    ])
    expect(inbound(orders(), deployment('other', { app: 'other' }, [], { namespace: 'other' })).said).toEqual([])
  })

  test('must fit with all of its labels', () => {
    const { said: warnings } = inbound(orders({}, { ...app, tier: 'a' }), deployment('orders', app, []))
    expect(warnings).toHaveLength(1)
  })

  test('is sorted, and the same one is one listener', () => {
    const [a, b] = [
      orders({}, { b: '1', a: '2' }, 'one'),
      orders({ port: 20881, targetPort: 20880 }, { a: '2', b: '1' }, 'two'),
    ]
    const { inbound: listeners } = bound([a, b])
    expect(
      listeners.map(({ selector, ports }) => [Object.keys(selector), ports.map(({ hostname }) => hostname)]),
    ).toEqual([
      [
        ['a', 'b'],
        ['one.shop.svc.cluster.local', 'two.shop.svc.cluster.local'],
      ],
    ])
  })
})

describe('a ServiceEntry', () => {
  const selected = (spec: Fields = {}, metadata?: Fields) =>
    dubboEntry('orders', { workloadSelector: { labels: app }, ...spec }, metadata)
  const ports = (port: Fields) => [{ number: 20880, name: 'tcp-dubbo', protocol: 'TCP', ...port }]

  test('by its workloadSelector and targetPort', () => {
    expect(inbound(selected()).listeners).toEqual(at(20880))
    expect(inbound(selected({ ports: ports({ targetPort: 9000 }) })).listeners).toEqual(at(9000))
  })

  test('with machines that map the port by name', () => {
    const machine = istio('WorkloadEntry', 'vm', { address: '10.0.0.9', labels: app, ports: { 'tcp-dubbo': 7000 } })
    expect(inbound(selected(), machine).listeners).toEqual(at(7000))
    const { listeners, reasons } = inbound(selected(), machine, deployment('orders', app, []))
    expect(listeners).toEqual([])
    expect(reasons[0]).toContain('it is 7000 in WorkloadEntry shop/vm and 20880 in Deployment shop/orders')
  })

  test.each([
    ['orders', { app: 'orders' }],
    [' name : orders ', { name: 'orders' }],
  ])("by Aeraki's annotation %j", (annotation, selector) => {
    expect(inbound(dubboEntry('orders', {}, { annotations: { workloadSelector: annotation } })).listeners).toEqual(
      at(20880, selector),
    )
  })

  test.each(['a:b:c', '', ':x', 'x:'])("not by Aeraki's annotation %j", (annotation) => {
    expect(inbound(dubboEntry('orders', {}, { annotations: { workloadSelector: annotation } }))).toMatchObject({
      listeners: [],
      reasons: [
        `error ServiceEntry shop/orders metadata.annotations.workloadSelector: must be "<app>" or "<label>: <value>", not "${annotation}"`,
      ],
    })
  })

  test('workloadSelector wins over the annotation', () => {
    expect(inbound(selected({}, { annotations: { workloadSelector: 'other' } })).listeners).toEqual(at(20880))
  })
})

describe('another protocol on the same port of the same pods', () => {
  const http = (selector: Fields, targetPort: number | string = 20880) =>
    service('web', { clusterIP: '10.0.0.2', selector, ports: [{ name: 'http', port: 80, targetPort }] })

  test.each([
    ['the same selector', http(app)],
    ['a narrower selector', http({ ...app, version: 'v1' })],
    ['a selector of the same workload', http({ version: 'v1' })],
    ['a named port', http(app, 'rpc')],
  ])('by %s is an error', (_, other) => {
    const workload = deployment('orders', { ...app, version: 'v1' }, [{ name: 'rpc', containerPort: 20880 }])
    const { listeners, reasons } = inbound(orders(), other, workload)
    expect(listeners).toEqual([])
    expect(reasons).toEqual([
      'error Service shop/orders spec.ports[0]: must be the only protocol at container port 20880 of its pods: Service shop/web (port "http", 80) leads to the same port of the same pods and is not dubbo, and Istio lets the first decide',
    ])
  })

  test('is found by the selectors alone where the list holds no workload', () => {
    for (const selector of [app, { ...app, version: 'v1' }])
      expect(inbound(orders(), http(selector)).reasons).toHaveLength(1)
    expect(inbound(orders({}, { ...app, version: 'v1' }), http(app)).reasons).toHaveLength(1)
    expect(inbound(orders({}, { ...app, version: 'v1' }), http({ ...app, version: 'v2' })).reasons).toEqual([])
  })

  test.each([
    ['other pods', http({ app: 'web' })],
    ['another port', http(app, 8080)],
  ])('%s are fine', (_, other) => {
    expect(inbound(orders(), other)).toMatchObject({ listeners: at(20880), reasons: [] })
  })
})
