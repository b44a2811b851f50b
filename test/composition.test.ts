import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineProtocol, ok, type Protocol, type SchemaValidator, statPrefix } from 'meltemi'
import { subjectOf } from 'meltemi/testing'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import dubbo from '../functions/dubbo/index.ts'
import thrift from '../functions/thrift/index.ts'
import { root } from '../scripts/functions.ts'
import { listText } from '../src/testkit/subject.ts'
import { read, view } from '../src/testkit/view.ts'

const anything: SchemaValidator = () => true

/** The least observer there is. */
const gossip: Protocol = defineProtocol({
  name: 'gossip',
  kind: 'Gossip',
  summary: '',
  sharesListeners: false,
  replacesTcpProxy: false,
  supports: [],
  schemas: { 'type.googleapis.com/gossip': anything },
  outbound: ({ ports: [port] }) =>
    ok({
      filters: [
        {
          place: 'before',
          filter: {
            name: 'gossip',
            typed_config: { '@type': 'type.googleapis.com/gossip', stat_prefix: statPrefix(port) },
          },
        },
      ],
      clusters: [],
      rows: () => [],
    }),
})

const golden = join(root, 'functions/dubbo/golden/versions/in.yaml')

/** A Dubbo service and a gossip service, at addresses of their own. */
function mesh(): string {
  const gossipEntry = `- apiVersion: networking.istio.io/v1
  kind: ServiceEntry
  metadata:
    name: rumours
    namespace: shop
  spec:
    hosts: [rumours.shop]
    addresses: [240.240.0.99]
    resolution: STATIC
    ports:
    - {number: 7000, name: tcp-gossip, protocol: TCP}
    endpoints:
    - address: 10.1.0.9
`
  const text = readFileSync(golden, 'utf8')
  const config = text.indexOf('functionConfig:')
  return text.slice(0, config) + gossipEntry
}

function pipeline(...protocols: readonly Protocol[]): Promise<readonly string[]> {
  return pipelineOn(mesh(), protocols)
}

async function pipelineOn(input: string, protocols: readonly Protocol[]): Promise<readonly string[]> {
  let text = input
  for (const protocol of protocols) {
    const { output, exitCode } = await subjectOf(protocol).run(text)
    expect(exitCode).toBe(0)
    text = output ?? ''
  }
  const seen = view(text)
  if (typeof seen === 'string') throw new Error(seen)
  return seen.items.map(({ value }) => JSON.stringify(value)).sort()
}

test('two functions leave the same objects in either order', async () => {
  const one = await pipeline(dubbo, gossip)
  expect(one.filter((item) => item.includes('"kind":"EnvoyFilter"'))).toHaveLength(2)
  expect(await pipeline(gossip, dubbo)).toEqual(one)
})

test('a pipeline that is run again changes nothing', async () => {
  expect(await pipeline(dubbo, gossip, dubbo, gossip)).toEqual(await pipeline(dubbo, gossip))
})

const example = join(root, 'examples/composition')

/** What the teams wrote. */
function written(): string {
  const files = readdirSync(example).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
  const texts = files.sort().map((name) => readFileSync(join(example, name), 'utf8'))
  return listText(texts.flatMap((text) => parseAllDocuments(text).map((document): unknown => document.toJS())))
}

/** Without what a host makes of them: the files they are in. */
function filters(items: readonly string[]): readonly unknown[] {
  return items.map((item): unknown => JSON.parse(item)).filter((item) => read(item, 'kind') === 'EnvoyFilter')
}

test('Dubbo and Thrift in one repository leave the same objects in either order', async () => {
  const one = await pipelineOn(written(), [dubbo, thrift])
  expect(filters(one).map((filter) => read(filter, 'metadata', 'labels', 'meltemi.dev/protocol'))).toEqual([
    'dubbo',
    'thrift',
  ])
  expect(await pipelineOn(written(), [thrift, dubbo])).toEqual(one)
})
