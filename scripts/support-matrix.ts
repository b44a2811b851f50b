import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fail } from '../src/krm/outcome.ts'
import type { Feature, L7Port } from '../src/mesh/l7-port.ts'
import { reportLoss } from '../src/mesh/loss.ts'
import type { Context, Protocol } from '../src/sdk/protocol.ts'
import { functionNames, root } from './functions.ts'

/** What people ask for most; a field that is not here is answered by the render itself. */
const FEATURES: readonly (readonly [string, unknown])[] = [
  ['VirtualService.http.match.method.exact', 'x'],
  ['VirtualService.http.match.method.prefix', 'x'],
  ['VirtualService.http.match.method.regex', 'x'],
  ['VirtualService.http.match.headers.exact', 'x'],
  ['VirtualService.http.match.headers.prefix', 'x'],
  ['VirtualService.http.match.headers.regex', 'x'],
  ['VirtualService.http.match.headers.present', {}],
  ['VirtualService.http.match.withoutHeaders.exact', 'x'],
  ['VirtualService.http.match.uri.prefix', '/'],
  ['VirtualService.http.route.destination.subset', 'v1'],
  ['VirtualService.http.route.weight', 10],
  ['VirtualService.http.mirror.host', 'x'],
  ['VirtualService.http.timeout', '1s'],
  ['VirtualService.http.retries.attempts', 2],
  ['VirtualService.http.fault.delay.fixedDelay', '1s'],
  ['VirtualService.http.fault.abort.percentage', 1],
  ['VirtualService.tcp.route.destination.host', 'x'],
  ['VirtualService.tcp.route.weight', 10],
  ['DestinationRule.trafficPolicy.loadBalancer.simple', 'ROUND_ROBIN'],
  ['DestinationRule.trafficPolicy.loadBalancer.consistentHash.useSourceIp', true],
  ['DestinationRule.trafficPolicy.loadBalancer.localityLbSetting', {}],
  ['DestinationRule.trafficPolicy.outlierDetection', {}],
  ['DestinationRule.trafficPolicy.tls', {}],
  ['DestinationRule.trafficPolicy.connectionPool.tcp.connectTimeout', '1s'],
  ['DestinationRule.trafficPolicy.connectionPool.tcp.maxConnections', 10],
  ['DestinationRule.trafficPolicy.connectionPool.tcp.idleTimeout', '1s'],
]

/** A render of defaults: no MeshProfile, no functionConfig, no objects of the protocol's own. */
const NO_CONTEXT: Context<unknown> = {
  profile: {
    istioVersions: [],
    rootNamespace: 'istio-system',
    clusterDomain: 'cluster.local',
    extensions: [],
    addresses: new Map(),
    priority: 10,
    mtls: 'auto',
    matchByPort: [],
    acknowledge: [],
    unsupported: 'error',
  },
  config: {},
  objects: [],
  refused: [],
  resolve: () => fail([]),
  prepared: undefined,
}

/** `docs/support-matrix.md`: what each protocol makes of a field, asked of the code that decides it in a render. */
export async function supportMatrix(): Promise<string> {
  const names = functionNames()
  const protocols = await Promise.all(names.map(protocolOf))
  const rows = FEATURES.map(([feature, value]) => [
    `\`${feature}\``,
    ...protocols.map((protocol) => (isExpressed(feature, value, protocol) ? 'yes' : '')),
  ])
  const head = ['field', ...names.map((name) => `[${name}](../functions/${name}/README.md)`)]
  return [
    '# What each protocol makes of a field',
    '',
    'Made by `scripts/support-matrix.ts` from what the functions declare; do not edit. An empty cell is an error in a render, or a',
    'warning with `unsupported: warning`, with the reason. Limits of single values (a header on a transport that has none) are on the',
    "protocol's own page.",
    '',
    ...[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`),
    '',
  ].join('\n')
}

async function protocolOf(name: string): Promise<Protocol> {
  const { default: protocol }: { default: Protocol } = await import(
    pathToFileURL(join(root, 'functions', name, 'index.ts')).href
  )
  return protocol
}

function isExpressed(name: string, value: unknown, protocol: Protocol): boolean {
  const { supports, reasons = {}, replacesTcpProxy } = protocol
  const source = { ref: { apiVersion: 'v1', kind: 'Service', name: 'x' }, item: 0 }
  const place = { source, path: 'spec' }
  const port: L7Port = {
    place,
    protocol: protocol.name,
    hostname: 'x',
    namespace: 'x',
    number: 1,
    name: 'x',
    annotations: {},
    cluster: 'x',
    subsets: [],
    routes: [],
    features: [{ name, place, value, setting: { name, place } }],
    clientNamespaces: [],
  }
  const objection = (feature: Feature) => protocol.objection?.(feature, port, NO_CONTEXT)
  return reportLoss(port, { name: protocol.name, supports, reasons, replacesTcpProxy, objection }, 'error').length === 0
}
