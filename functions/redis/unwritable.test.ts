import fc from 'fast-check'
import { expect, test } from 'vitest'
import { neverBroken, type Patch, patchesOf, type Rules, random } from './patches.test-support.ts'

/** `direction|port|subset|host`, where a subset is a DNS label. */
const isOfIstiod = (name: string) => /^(in|out)bound\|\d*\|[-a-z0-9]*\|/.test(name)

const isRedisCluster = ({ value }: Patch) => 'cluster_type' in value || value.lb_policy === 'CLUSTER_PROVIDED'

/** Patches that crash Envoy, or silently drop others, whatever the input: they must not be expressible. */
const rules: Rules = {
  'a Redis Cluster merged onto a cluster of istiod (Envoy crashes at start)': (patches) =>
    patches.filter((patch) => isRedisCluster(patch) && patch.operation !== 'ADD'),
  'a Redis Cluster in the place of a cluster of istiod (Envoy crashes when that comes back)': (patches) =>
    patches.filter(
      (patch) => patch.operation === 'REMOVE' || (isRedisCluster(patch) && isOfIstiod(String(patch.value.name))),
    ),
  'a Redis Cluster added twice for the same proxies': (patches) => {
    const added = patches.filter(({ applyTo, operation }) => applyTo === 'CLUSTER' && operation === 'ADD')
    return added.filter((one) =>
      added.some((other) => other !== one && other.namespace === one.namespace && other.value.name === one.value.name),
    )
  },
  'a Redis Cluster that an unreachable seed lets block the whole sidecar': (patches) =>
    patches.filter((patch) => isRedisCluster(patch) && patch.value.wait_for_warm_on_init !== false),
  'a Redis Cluster that reads certificates itself (Envoy crashes if a file is not there)': (patches) =>
    patches.filter(
      (patch) => isRedisCluster(patch) && /"filename":/.test(JSON.stringify(patch.value.transport_socket)),
    ),
  'a Redis Cluster that waits without end for a certificate file (no port of the sidecar opens)': (patches) =>
    patches.filter(
      (patch) =>
        isRedisCluster(patch) &&
        secretsIn(patch.value.transport_socket).some(
          ({ name, sds_config }) => String(name).startsWith('file-') && sds_config?.initial_fetch_timeout === '0s',
        ),
    ),
  'a filter merged into another, or a TypedStruct (other patches are dropped silently)': (patches) =>
    patches.filter(
      ({ applyTo, operation, value }) =>
        (applyTo === 'NETWORK_FILTER' && operation !== 'REPLACE') || JSON.stringify(value).includes('TypedStruct'),
    ),
  'an inbound redis_proxy on a cluster of type ORIGINAL_DST (every command fails)': (patches) =>
    patches.filter(
      (patch) =>
        patch.context === 'SIDECAR_INBOUND' &&
        patch.applyTo === 'NETWORK_FILTER' &&
        !patches.some(
          (other) => other.filter === patch.filter && other.applyTo === 'CLUSTER' && other.value.type === 'STATIC',
        ),
    ),
}

interface Secret {
  readonly name?: unknown
  readonly sds_config?: { readonly initial_fetch_timeout?: string }
}

function secretsIn(value: unknown): readonly Secret[] {
  if (typeof value !== 'object' || value === null) return []
  return ['sds_config' in value ? [Object(value)] : [], ...Object.values(value).map(secretsIn)].flat()
}

neverBroken(rules, random)

const patch: Patch = {
  filter: 'f',
  namespace: 'n',
  labels: {},
  applyTo: 'CLUSTER',
  operation: 'ADD',
  context: 'SIDECAR_OUTBOUND',
  value: {
    name: 'outbound|6379|redis_cluster|cache.shop.svc.cluster.local',
    lb_policy: 'CLUSTER_PROVIDED',
    wait_for_warm_on_init: false,
  },
}
const proxy: Patch = { ...patch, applyTo: 'NETWORK_FILTER', operation: 'REPLACE', value: { name: 'redis_proxy' } }

function secret(name: string, patience: string): Secret {
  return { name, sds_config: { initial_fetch_timeout: patience } }
}

/** For each rule, patches that break it, and the same put right. */
const examples: Readonly<Record<string, { readonly wrong: readonly Patch[]; readonly right: readonly Patch[] }>> = {
  'a Redis Cluster merged': { wrong: [{ ...patch, operation: 'MERGE', cluster: 'c' }], right: [patch] },
  'a Redis Cluster in the place': {
    wrong: [{ ...patch, value: { ...patch.value, name: 'outbound|6379||cache.shop.svc.cluster.local' } }],
    right: [patch],
  },
  'a Redis Cluster added twice': { wrong: [patch, { ...patch }], right: [patch, { ...patch, namespace: 'other' }] },
  'a Redis Cluster that an unreachable seed': {
    wrong: [{ ...patch, value: { cluster_type: {} } }],
    right: [patch],
  },
  'a Redis Cluster that reads': {
    wrong: [{ ...patch, value: { ...patch.value, transport_socket: { trusted_ca: { filename: '/ca.pem' } } } }],
    right: [{ ...patch, value: { ...patch.value, transport_socket: secret('file-root:/ca.pem', '5s') } }],
  },
  'a Redis Cluster that waits': {
    wrong: [{ ...patch, value: { ...patch.value, transport_socket: secret('file-root:/ca.pem', '0s') } }],
    right: [{ ...patch, value: { ...patch.value, transport_socket: secret('ROOTCA', '0s') } }],
  },
  'a filter merged': { wrong: [{ ...proxy, operation: 'MERGE' }], right: [proxy] },
  'an inbound redis_proxy': {
    wrong: [{ ...proxy, context: 'SIDECAR_INBOUND' }],
    right: [
      { ...proxy, context: 'SIDECAR_INBOUND' },
      { ...patch, value: { type: 'STATIC' } },
    ],
  },
}

test.each(Object.entries(rules))('a breach is seen: %s', (rule, broken) => {
  const [, example] = Object.entries(examples).find(([start]) => rule.startsWith(start)) ?? []
  expect(broken(example?.wrong ?? [])).not.toEqual([])
  expect(broken(example?.right ?? [patch])).toEqual([])
})

test('random meshes hold what these rules are about', { timeout: 60_000 }, async () => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(random, async (mesh) => {
      for (const patch of await patchesOf(mesh)) {
        if (isRedisCluster(patch)) seen.add('Redis Cluster')
        if (isRedisCluster(patch) && /file-(cert|root):/.test(JSON.stringify(patch.value)))
          seen.add('certificate files')
        if (patch.context === 'SIDECAR_INBOUND') seen.add('inbound')
        if (patch.applyTo === 'CLUSTER' && patch.operation === 'MERGE') seen.add('merge')
      }
    }),
    { numRuns: 400, seed: 7 },
  )
  expect([...seen].sort()).toEqual(['Redis Cluster', 'certificate files', 'inbound', 'merge'])
})
