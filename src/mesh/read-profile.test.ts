import { describe, expect, test } from 'vitest'
import validate from '../../schemas/generated/mesh-profile.js'
import schema from '../../schemas/mesh-profile.schema.json' with { type: 'json' }
import type { KubernetesObject, Source } from '../krm/object.ts'
import { diagnosticsOf, resultOf } from '../krm/outcome.ts'
import { PROFILE_FIELDS } from './profile.ts'
import { type ProfileOverrides, readProfile } from './read-profile.ts'
import { defaultProfile, object, said, sourced } from './scene.test-support.ts'

const local = { namespace: undefined, annotations: { 'config.kubernetes.io/local-config': 'true' } }

function meshProfile(
  spec: unknown,
  name = 'mesh',
  metadata: Readonly<Record<string, unknown>> = local,
): KubernetesObject {
  return object('meltemi.dev/v1alpha1', 'MeshProfile', name, spec, metadata)
}

function read(profiles: readonly KubernetesObject[], overrides?: ProfileOverrides) {
  const cleaned: readonly KubernetesObject[] = JSON.parse(JSON.stringify(profiles))
  const outcome = readProfile(sourced(cleaned), validate, overrides)
  return { profile: resultOf(outcome), said: said(diagnosticsOf(outcome)) }
}

const functionSource: Source = { ref: { apiVersion: 'meltemi.dev/v1alpha1', kind: 'Dubbo', name: 'config' }, item: -1 }

function overriding(fields: Readonly<Record<string, unknown>>, path = 'spec'): ProfileOverrides {
  return { fields, place: { source: functionSource, path } }
}

describe('a profile', () => {
  test('is the defaults where there is none, or an empty one', () => {
    expect(read([])).toEqual({ profile: defaultProfile, said: [] })
    expect(read([meshProfile({})])).toEqual({ profile: defaultProfile, said: [] })
    expect(read([meshProfile(undefined)])).toEqual({ profile: defaultProfile, said: [] })
  })

  test('holds every field', () => {
    const { profile, said: problems } = read([
      meshProfile({
        istio: { versions: '1.30 - 1.31' },
        rootNamespace: 'mesh',
        clusterDomain: 'example.org',
        clientScope: ['a', '.'],
        proxy: { extensions: ['envoy.filters.network.kafka_broker'] },
        addresses: { 'b.c': '10.0.0.1', 'a.b': ['10.0.0.2', 'fd00::1'] },
        priority: -5,
        mtls: 'permissive',
        matchByPort: [20880],
        acknowledge: ['dubbo-proxy-crash'],
        unsupported: 'warning',
      }),
    ])
    expect(problems).toEqual([])
    expect(profile).toEqual({
      istioVersions: ['1.30', '1.31'],
      rootNamespace: 'mesh',
      clusterDomain: 'example.org',
      clientScope: ['a', '.'],
      extensions: ['envoy.filters.network.kafka_broker'],
      addresses: new Map([
        ['a.b', ['10.0.0.2', 'fd00::1']],
        ['b.c', ['10.0.0.1']],
      ]),
      priority: -5,
      mtls: 'permissive',
      matchByPort: [20880],
      acknowledge: ['dubbo-proxy-crash'],
      unsupported: 'warning',
    })
  })

  test('takes one client namespace for a list of one', () => {
    expect(read([meshProfile({ clientScope: 'web' })]).profile?.clientScope).toEqual(['web'])
  })

  test.each([
    ['1.29', ['1.29']],
    ['1.29-1.30', ['1.29', '1.30']],
    [' 1.29 - 1.31 ', ['1.29', '1.30', '1.31']],
    [
      ['1.31', '1.29'],
      ['1.29', '1.31'],
    ],
    [
      ['1.29 - 1.30', '1.30'],
      ['1.29', '1.30'],
    ],
  ])('for versions %j is for %j', (versions, expected) => {
    expect(read([meshProfile({ istio: { versions } })]).profile?.istioVersions).toEqual(expected)
  })

  test.each(['1.28', '1.32', '1.28 - 1.30', '1.31 - 1.29', '1.29 - ', '1.29 - 1.30 - 1.31', '1.30.2', 'latest', ''])(
    'refuses the release %j',
    (versions) => {
      const { profile, said: problems } = read([meshProfile({ istio: { versions } })])
      expect(profile).toBeUndefined()
      expect(problems).toEqual([
        `error MeshProfile mesh spec.istio.versions: must be a release, a range or a list of releases of Istio among 1.29, 1.30, 1.31, such as "1.29 - 1.31", not "${versions}"`,
      ])
    },
  )

  test('refuses an empty list of releases', () => {
    expect(read([meshProfile({ istio: { versions: [] } })]).said).toHaveLength(1)
  })

  test.each([
    [
      'versions without quotes',
      { istio: { versions: 1.3 } },
      'spec.istio.versions: must be in quotes, such as "1.30": without them YAML reads the number 1.3',
    ],
    [
      'versions in a list without quotes',
      { istio: { versions: [1.3] } },
      'spec.istio.versions[0]: must be in quotes, such as "1.30": without them YAML reads the number 1.3',
    ],
    [
      'an unknown field',
      { matchByPorts: [1] },
      'spec.matchByPorts: `matchByPorts` is not a known field: did you mean `matchByPort`?',
    ],
    [
      'an unknown field below',
      { istio: { version: '1.30' } },
      'spec.istio.version: `version` is not a known field: did you mean `versions`?',
    ],
    [
      'priority 0',
      { priority: 0 },
      'spec.priority: must be an integer of 32 bits other than 0, which would leave the order of filters to chance, not 0',
    ],
    [
      'priority beyond int32',
      { priority: 2147483648 },
      'spec.priority: must be an integer of 32 bits other than 0, which would leave the order of filters to chance, not 2147483648',
    ],
    ['priority as a string', { priority: '10' }, 'spec.priority: must be an integer, not a string'],
    [
      'an unknown mtls mode',
      { mtls: 'on' },
      'spec.mtls: must be one of `auto`, `strict`, `permissive`, `disable`, not "on"',
    ],
    [
      'an unknown answer to loss',
      { unsupported: 'ignore' },
      'spec.unsupported: must be one of `error`, `warning`, not "ignore"',
    ],
    ['a port of 0', { matchByPort: [20880, 0] }, 'spec.matchByPort[1]: must be a port number from 1 to 65535, not 0'],
    [
      'a port of 70000',
      { matchByPort: [70000] },
      'spec.matchByPort[0]: must be a port number from 1 to 65535, not 70000',
    ],
    ['a port as a string', { matchByPort: ['20880'] }, 'spec.matchByPort[0]: must be an integer, not a string'],
    ['a number for matchByPort', { matchByPort: 20880 }, 'spec.matchByPort: must be a list, not a number'],
    [
      'an address that is none',
      { addresses: { 'a.b': 'localhost' } },
      'spec.addresses["a.b"]: must be one IPv4 or IPv6 address, not "localhost"',
    ],
    [
      'a range of addresses',
      { addresses: { 'a.b': ['10.0.0.0/24'] } },
      'spec.addresses["a.b"]: must be one IPv4 or IPv6 address, not "10.0.0.0/24"',
    ],
    [
      'an address of a short host',
      { addresses: { orders: '10.0.0.1' } },
      'spec.addresses.orders: must be a fully qualified host, such as "orders.shop.svc.cluster.local", not "orders"',
    ],
    [
      'a root namespace that is no name',
      { rootNamespace: 'Istio System' },
      'spec.rootNamespace: must be the name of a namespace, not "Istio System"',
    ],
    [
      'a domain that is none',
      { clusterDomain: '.local' },
      'spec.clusterDomain: must be a domain name, such as "cluster.local", not ".local"',
    ],
    [
      'a scope that is no namespace',
      { clientScope: ['web', 'we b'] },
      'spec.clientScope[1]: must be a namespace, "*" or ".", not "we b"',
    ],
    [
      'one scope that is no namespace',
      { clientScope: '~' },
      'spec.clientScope: must be a namespace, "*" or ".", not "~"',
    ],
    ['a spec that is a list', [], 'spec: must be a map, not a list'],
  ])('refuses %s', (_, spec, problem) => {
    const { profile, said: problems } = read([meshProfile(spec)])
    expect(profile).toBeUndefined()
    expect(problems).toEqual([`error MeshProfile mesh ${problem}`])
  })

  test('refuses a version of its own that is unknown', () => {
    expect(read([{ ...meshProfile({}), apiVersion: 'meltemi.dev/v2' }]).said[0]).toContain(
      'apiVersion: must be one of `meltemi.dev/v1alpha1`',
    )
  })

  test('stands once in a list', () => {
    const { profile, said: problems } = read([meshProfile({}, 'b'), meshProfile({}, 'a')])
    expect(profile).toBeUndefined()
    expect(problems).toEqual([
      'error MeshProfile b kind: must be the only MeshProfile of the list, which holds MeshProfile a and MeshProfile b',
      'error MeshProfile a kind: must be the only MeshProfile of the list, which holds MeshProfile a and MeshProfile b',
    ])
  })

  test('is warned of where it would go to the cluster', () => {
    const { profile, said: problems } = read([meshProfile({}, 'mesh', { namespace: undefined })])
    expect(profile).toEqual(defaultProfile)
    expect(problems[0]).toContain(
      'warning MeshProfile mesh metadata: should have the annotation `config.kubernetes.io/local-config: "true"`',
    )
  })
})

describe('the functionConfig', () => {
  test('overrides field by field', () => {
    const { profile } = read(
      [meshProfile({ rootNamespace: 'mesh', matchByPort: [1], priority: 5 })],
      overriding({ matchByPort: [2] }),
    )
    expect(profile).toMatchObject({ rootNamespace: 'mesh', matchByPort: [2], priority: 5 })
  })

  test('is checked like the profile, and named', () => {
    expect(read([], overriding({ priority: 0 })).said[0]).toMatch(
      /^error Dubbo config spec\.priority: must be an integer/,
    )
    expect(read([], overriding({ mtls: 'x' })).said[0]).toMatch(/^error Dubbo config spec\.mtls: must be one of/)
    expect(read([], overriding({ istio: { versions: '1.1' } })).said[0]).toMatch(
      /^error Dubbo config spec\.istio\.versions: must be a release/,
    )
    expect(read([], overriding({ mtls: 'x' }, 'data')).said[0]).toMatch(
      /^error Dubbo config data\.mtls: must be one of/,
    )
  })

  test('does not excuse the profile', () => {
    expect(read([meshProfile({ priority: 'x' })], overriding({ priority: 5 })).profile).toBeUndefined()
  })
})

test('the shared fields are those of the schema, and each says what it is for', () => {
  const { properties } = schema.properties.spec
  expect([...PROFILE_FIELDS].sort()).toEqual(Object.keys(properties).sort())
  expect(Object.values(properties).every(({ description }) => description.length > 20)).toBe(true)
})
