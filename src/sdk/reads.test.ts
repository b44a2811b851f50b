import { describe, expect, it } from 'vitest'
import { ownerLabels } from '../envoyfilter/owner.ts'
import { execute } from './execute.ts'
import { plainProtocol } from './plain-protocol.test-support.ts'
import { defineProtocol } from './protocol.ts'

function listOf(...items: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items })
}

function envoyFilter(name: string, metadata: object): unknown {
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name, namespace: 'shop', ...metadata },
  }
}

it('replaces outputs that are there twice, as in a package and its subpackage, without a word', async () => {
  const stale = envoyFilter('stale', { labels: ownerLabels('plain') })

  expect(await execute(listOf(stale, stale), plainProtocol)).toEqual({ output: listOf(), messages: '', exitCode: 0 })
})

describe('an earlier output with an anchor', () => {
  const labels = '{app.kubernetes.io/managed-by: meltemi, meltemi.dev/protocol: plain}'
  const listWith = (value: string) => `apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: networking.istio.io/v1alpha3
  kind: EnvoyFilter
  metadata: {name: stale, namespace: shop, labels: ${labels}}
  spec: &shared {priority: 1}
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: other
  data: ${value}
`

  it('stays when another item refers to it, and is an error', async () => {
    const { output, messages, exitCode } = await execute(listWith('*shared'), plainProtocol)

    expect(messages).toBe(
      'error: `*shared` refers to `&shared` in `items[0]`, which this function replaces: write the value out where it is used\n',
    )
    expect(exitCode).toBe(1)
    expect(output?.startsWith(listWith('*shared'))).toBe(true)
  })

  it.each(['&shared-too {}', '{a: "5*shared"}', '&shared {}'])('goes like any other beside %s', async (value) => {
    const { output, exitCode } = await execute(listWith(value), plainProtocol)

    expect(exitCode).toBe(0)
    expect(output).not.toContain('EnvoyFilter')
    expect(output).toContain(`  data: ${value}\n`)
  })
})

it('says of an object of its own kind in another group that nobody reads it', async () => {
  const limited = defineProtocol({ ...plainProtocol, kinds: [{ group: 'limits.example.org', kind: 'PlainLimit' }] })
  const limit = (apiVersion: string) => ({ apiVersion, kind: 'PlainLimit', metadata: { name: 'one' } })

  const { messages, exitCode } = await execute(
    listOf(limit('limits.example.org/v1'), limit('limits.example.com/v1'), limit('limits.example.org')),
    limited,
  )

  expect(messages).toBe(
    'warning: PlainLimit one apiVersion: is not read by plain, which reads a PlainLimit of `apiVersion: limits.example.org/…`, not of `limits.example.com/v1`\n' +
      'warning: PlainLimit one apiVersion: is not read by plain, which reads a PlainLimit of `apiVersion: limits.example.org/…`, not of `limits.example.org`\n',
  )
  expect(exitCode).toBe(0)
})

it('names the version of an own kind of the core group', async () => {
  const reader = defineProtocol({ ...plainProtocol, kinds: [{ group: '', kind: 'Secret' }] })
  const secret = { apiVersion: 'secrets.example.org/v1', kind: 'Secret', metadata: { name: 'one' } }

  expect((await execute(listOf(secret), reader)).messages).toBe(
    'warning: Secret one apiVersion: is not read by plain, which reads a Secret of `apiVersion: v1`, not of `secrets.example.org/v1`\n',
  )
})

it('leaves other EnvoyFilters alone, twice or broken', async () => {
  const other = envoyFilter('other', { labels: { revision: 1 } })
  const input = listOf(other, other)

  expect(await execute(input, plainProtocol)).toEqual({ output: input, messages: '', exitCode: 0 })
})
