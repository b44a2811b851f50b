/** A protocol's names: `rocketmq` is the folder, the token of port names and the image; `Rocketmq` its kind. */
export interface Names {
  readonly name: string
  readonly kind: string
}

/** The files of a new protocol, by path in its folder. They compile, and the golden case is red until it is read. */
export function protocolFiles({ name, kind }: Names): Readonly<Record<string, string>> {
  return {
    'index.ts': index(name, kind),
    'main.ts': `import { run } from 'meltemi'\nimport ${name} from './index.ts'\n\nawait run(${name})\n`,
    'filter.ts': filter(name, kind),
    'filter.schema.json': filterSchema(name, kind),
    'config.ts': config(kind),
    'config.schema.json': configSchema(kind),
    [`${name}.test.ts`]: `import { conformance } from 'meltemi/testing'\nimport ${name} from './index.ts'\n\nconformance(${name}, import.meta.dirname)\n`,
    'README.md': readme(name, kind),
    'metadata.yaml': metadata(name),
    'golden/basic/in.yaml': goldenInput(name, kind),
  }
}

function index(name: string, kind: string): string {
  return `import { type Context, defineProtocol, type OutboundListener, type Outcome, ok, type Plan, statPrefix } from 'meltemi'
import type { ${kind}Config } from './config.ts'
import { FILTER_TYPE, filter } from './filter.ts'
import validateConfig from './generated/config.js'
import validateFilter from './generated/filter.js'

export default defineProtocol<${kind}Config>({
  name: '${name}',
  kind: '${kind}',
  summary: 'TODO: one sentence for --help.',
  // Whether one filter can serve several services on one listener, by what each call says.
  sharesListeners: false,
  // Whether the filter stands instead of tcp_proxy; if so, say \`place: 'replace'\` below.
  replacesTcpProxy: false,
  // What the filter can express of a VirtualService, such as 'VirtualService.http.match.method'; all else is reported as lost.
  supports: [],
  config: validateConfig,
  schemas: { [FILTER_TYPE]: validateFilter },
  outbound,
})

function outbound(listener: OutboundListener, { config }: Context<${kind}Config>): Outcome<Plan> {
  const [port] = listener.ports
  return ok({
    filters: [{ place: 'before', filter: filter(statPrefix(port), config) }],
    clusters: [],
    rows: () => [{ calls: 'every call', destination: \`\${port.hostname}:\${port.number}\` }],
  })
}
`
}

function filter(name: string, kind: string): string {
  return `import { type NetworkFilter, typeUrl } from 'meltemi'
import type { ${kind}Config } from './config.ts'

/** TODO: the message of Envoy's filter. */
export const FILTER_TYPE = typeUrl('envoy.extensions.filters.network.${name}_proxy.v3.${kind}Proxy')

/** Field names are Envoy's own, letter for letter. */
export function filter(statPrefix: string, { accessLog }: ${kind}Config): NetworkFilter {
  return {
    name: 'envoy.filters.network.${name}_proxy',
    typed_config: {
      '@type': FILTER_TYPE,
      stat_prefix: statPrefix,
      ...(accessLog === undefined ? {} : { access_log: accessLog }),
    },
  }
}
`
}

function filterSchema(name: string, kind: string): string {
  return json({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `envoy.extensions.filters.network.${name}_proxy.v3.${kind}Proxy, as far as this function writes it (closed world)`,
    type: 'object',
    additionalProperties: false,
    required: ['@type', 'stat_prefix'],
    properties: {
      '@type': { const: `type.googleapis.com/envoy.extensions.filters.network.${name}_proxy.v3.${kind}Proxy` },
      stat_prefix: { type: 'string', minLength: 1 },
      access_log: { type: 'string', minLength: 1 },
    },
  })
}

function config(kind: string): string {
  return `/** ${kind}'s own fields of \`functionConfig.spec\`; \`config.schema.json\` says what each means. */
export interface ${kind}Config {
  readonly accessLog?: string
}
`
}

function configSchema(kind: string): string {
  return json({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    'x-written-by': 'people',
    title: `${kind} functionConfig: the fields of spec that are ${kind}'s own`,
    type: 'object',
    additionalProperties: false,
    properties: {
      accessLog: { type: 'string', minLength: 1, description: 'TODO: an example of a field. Default: none.' },
    },
  })
}

function readme(name: string, kind: string): string {
  return `# ${name}

## Overview

<!--mdtogo:Short-->

TODO: what it does in an Istio mesh, in one or two sentences, and why somebody cares.

<!--mdtogo-->

<!--mdtogo:Long-->

## Usage

    kpt fn eval DIR --exec dist/${name}.mjs

A port is served if it is named \`tcp-${name}\` or \`tcp-${name}-<anything>\`.

## FunctionConfig

\`\`\`yaml
apiVersion: meltemi.dev/v1alpha1
kind: ${kind}
metadata:
  name: ${name}
spec: {}
\`\`\`

TODO: a row for each field: default, example, meaning.

## Examples

Each folder of [golden](golden) is an input and exactly what comes of it.

<!--mdtogo-->
`
}

function metadata(name: string): string {
  return `image: meltemi-${name}
description: 'TODO: the sentence of the README.'
tags:
  - mutator
  - generator
  - istio
sourceURL: functions/${name}
examplePackageURLs: []
emails: []
license: Apache-2.0
`
}

function goldenInput(name: string, kind: string): string {
  return `# The least that a user writes.
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: networking.istio.io/v1
  kind: ServiceEntry
  metadata:
    name: orders
    namespace: shop
  spec:
    hosts: [orders.shop.${name}]
    addresses: [240.240.0.10]
    resolution: STATIC
    ports:
    - number: 7000
      name: tcp-${name}
      protocol: TCP
    endpoints:
    - address: 10.1.0.5
functionConfig:
  apiVersion: meltemi.dev/v1alpha1
  kind: ${kind}
  metadata:
    name: ${name}
`
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
