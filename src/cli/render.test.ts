import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { map, ok } from '../krm/outcome.ts'
import { defineProtocol, type Protocol } from '../sdk/protocol.ts'
import { renderDirectory } from './render.ts'

const gossip: Protocol = defineProtocol({
  name: 'gossip',
  kind: 'Gossip',
  summary: 'Counts gossip.',
  sharesListeners: false,
  replacesTcpProxy: true,
  supports: [],
  schemas: { 'type.googleapis.com/gossip': () => true },
  outbound: ({ ports: [port] }) =>
    ok({
      filters: [
        { place: 'replace', filter: { name: 'gossip', typed_config: { '@type': 'type.googleapis.com/gossip' } } },
      ],
      clusters: [],
      rows: () => [{ calls: 'all gossip', destination: port.hostname }],
    }),
})

const entry = (name: string, port = 'tcp-gossip') => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ${name}, namespace: shop}
spec:
  hosts: [${name}.test]
  addresses: [240.240.0.10]
  resolution: STATIC
  ports: [{number: 7000, name: ${port}, protocol: TCP}]
`

let folder = ''

beforeEach(() => {
  const made = mkdtempSync(join(tmpdir(), 'meltemi-cli-'))
  folder = made
  onTestFinished(() => rmSync(made, { recursive: true }))
})

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function filters(): readonly string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return all.filter((path) => path.includes('envoyfilter_')).sort()
}

test('writes each filter to a file of its own, tells the routes, and does the same again', async () => {
  put('mesh/orders.yaml', `# of the shop\n${entry('orders')}`)

  const first = await renderDirectory(folder, [gossip])
  const written = filters()
  const text = readFileSync(join(folder, written[0] ?? ''), 'utf8')
  const second = await renderDirectory(folder, [gossip])

  expect(first.exitCode).toBe(0)
  expect(first.lines.join('\n')).toMatch(
    /listener 240\.240\.0\.10_7000\n {2}CALLS +GO TO\n {2}all gossip +orders\.test/,
  )
  expect(written).toEqual([expect.stringMatching(/^meltemi\/istio-system\/envoyfilter_gossip-outbound-orders-7000-/)])
  expect(first.lines.at(-1)).toBe(`  ${join(folder, written[0] ?? '')}`)
  // Where a file stands is the host's annotation, and none of the object's.
  expect(text).not.toContain('config.kubernetes.io/path')
  expect(second).toEqual(first)
  expect(filters()).toEqual(written)
  expect(readFileSync(join(folder, written[0] ?? ''), 'utf8')).toBe(text)
  expect(readFileSync(join(folder, 'mesh/orders.yaml'), 'utf8')).toBe(`# of the shop\n${entry('orders')}`)
})

test('tells which pods a filter is for, where it is not for all', async () => {
  put('orders.yaml', entry('orders'))
  const labelled: Protocol = {
    ...gossip,
    outbound: (listener, context) =>
      map(gossip.outbound(listener, { ...context, prepared: undefined }), (plan) => ({
        ...plan,
        requiredLabels: { 'example.com/has': 'it' },
      })),
  }

  const { lines } = await renderDirectory(folder, [labelled])

  expect(lines.join('\n')).toContain(
    'on clients in every namespace with example.com/has=it, listener 240.240.0.10_7000',
  )
})

test('removes a filter with its source, but no file that holds something else too', async () => {
  put('orders.yaml', entry('orders'))
  put('users.yaml', entry('users').replace('0.10', '0.11'))
  await renderDirectory(folder, [gossip])
  const [orders = '', users = ''] = filters()
  const shared = `${readFileSync(join(folder, users), 'utf8')}---\n${entry('other', 'tcp')}`
  put(users, shared)
  rmSync(join(folder, 'orders.yaml'))
  rmSync(join(folder, 'users.yaml'))

  const { exitCode } = await renderDirectory(folder, [gossip])

  expect(exitCode).toBe(0)
  expect(existsSync(join(folder, orders))).toBe(false)
  expect(readFileSync(join(folder, users), 'utf8')).toBe(shared)
})

test('writes nothing where there is an error', async () => {
  put('orders.yaml', entry('orders'))
  put('users.yaml', entry('users').replace('number: 7000', 'number: many'))

  const { lines, exitCode } = await renderDirectory(folder, [gossip])

  expect(exitCode).toBe(1)
  expect(lines.join('\n')).toContain('error: ServiceEntry shop/users spec.ports[0].number: must be')
  expect(lines.at(-1)).toBe('Nothing was written: there are errors.')
  expect(filters()).toEqual([])
})

test('names the line of a file that is not YAML', async () => {
  put('broken.yaml', 'a: b\nc: [\n')

  const { lines, exitCode } = await renderDirectory(folder, [gossip])

  expect(exitCode).toBe(1)
  expect(lines).toEqual([expect.stringMatching(/^error: broken\.yaml:3:1: /)])
})

test('a bug in a protocol is a result', async () => {
  put('orders.yaml', entry('orders'))
  const broken: Protocol = {
    ...gossip,
    prepare: () => {
      throw new Error('oh')
    },
  }

  const { lines, exitCode } = await renderDirectory(folder, [broken])

  expect(exitCode).toBe(1)
  expect(lines.join('\n')).toMatch(/this is a bug in meltemi, please report it; the list is unchanged: oh/)
})
