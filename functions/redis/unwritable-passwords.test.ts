import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listsWithPasswords } from './lists-with-passwords.test-support.ts'
import { neverBroken, type Patch, patchesOf, type Rules, random as randomMeshes } from './patches.test-support.ts'

/** Passwords that a sidecar reads for itself reach no pod that does not say that it has them, whatever the input. */
const random = fc.oneof(randomMeshes, listsWithPasswords)

/** A cluster, and a label that a pod must bear before its redis_proxy may sign in there. */
interface Required {
  readonly cluster: string
  /** Of the Secret and its field, as far as a variable's name tells them. */
  readonly label: string
  readonly how: 'file' | 'environment'
  readonly value: RegExp
}

/** Passwords for servers that a sidecar reads from a file or a variable, which a running one without it does not survive. */
function required({ applyTo, cluster, value }: Patch): readonly Required[] {
  const options = Object(value.typed_extension_protocol_options)['envoy.filters.network.redis_proxy'] ?? {}
  const sources: readonly Source[] = [options.auth_username ?? {}, options.auth_password ?? {}]
  if (applyTo !== 'CLUSTER') return []
  const name = cluster ?? String(value.name)
  return sources.flatMap(({ filename, environment_variable: variable }): readonly Required[] => {
    const [, folder = '', secret, field] = /^(.+)\/([^/]+)\/([^/]+)$/.exec(filename ?? '') ?? []
    if (secret !== undefined && field !== undefined)
      return [{ cluster: name, label: comparable(`${secret}_${field}`), how: 'file', value: valueFor(folder) }]
    const [, label] = /^REDIS_(.*)$/.exec(variable ?? '') ?? []
    return label === undefined
      ? []
      : [{ cluster: name, label: comparable(label), how: 'environment', value: /^environment$/ }]
  })
}

/** Pods that mount Secrets in one folder do not say that they have them in another. */
function valueFor(folder: string): RegExp {
  return folder === '/etc/meltemi/redis' ? /^file$/ : new RegExp(`^file${folder.replaceAll('/', '-')}-[0-9a-f]{8}$`)
}

interface Source {
  readonly filename?: string
  readonly environment_variable?: string
}

/** A variable has its Secret's name in capitals. */
function comparable(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '_')
}

function isBorne({ labels }: Patch, { label, value }: Required): boolean {
  const prefix = 'redis-secret.meltemi.dev/'
  return Object.entries(labels).some(
    ([key, said]) => key.startsWith(prefix) && isFor(comparable(key.slice(prefix.length)), label) && value.test(said),
  )
}

/** One that is no label is cut, and ends in a hash. */
function isFor(key: string, label: string): boolean {
  return key === label || (/_[0-9a-f]{8}$/.test(key) && label.startsWith(key.slice(0, -9)))
}

function isNamed(cluster: string, value: unknown): boolean {
  return JSON.stringify(value).includes(JSON.stringify(cluster))
}

/** What is wrong with a list of patches. */
const rules: Rules = {
  'a password of the sidecar given to pods that do not say that they have it (a running Envoy crashes)': (patches) =>
    patches.filter((patch) => required(patch).some((one) => !isBorne(patch, one))),
  'a redis_proxy on such pods that signs in with it (a running Envoy crashes)': (patches) => {
    const all = patches.flatMap(required)
    const proxies = patches.filter(({ applyTo }) => applyTo === 'NETWORK_FILTER')
    return proxies.filter((patch) => {
      return all.some((one) => isNamed(one.cluster, patch.value) && !isBorne(patch, one))
    })
  },
  'a redis_proxy on pods that have not got what is changed on its cluster': (patches) => {
    const changes = patches.filter(({ applyTo, labels }) => applyTo === 'CLUSTER' && Object.keys(labels).length > 0)
    const proxies = patches.filter(({ applyTo }) => applyTo === 'NETWORK_FILTER')
    return proxies.filter(({ value, labels }) =>
      changes.some(
        (change) =>
          isNamed(change.cluster ?? String(change.value.name), value) &&
          Object.entries(change.labels).some(([key, wanted]) => labels[key] !== wanted),
      ),
    )
  },
}

neverBroken(rules, random)

const LABEL = 'redis-secret.meltemi.dev/my.cache_pass'
const PASSWORDS = {
  file: { auth_password: { filename: '/etc/meltemi/redis/my.cache/pass' } },
  environment: { auth_username: { environment_variable: 'REDIS_MY_CACHE_PASS' } },
}
const nobody: Patch = {
  filter: 'f',
  namespace: 'n',
  labels: {},
  applyTo: 'CLUSTER',
  operation: 'MERGE',
  context: 'SIDECAR_OUTBOUND',
  value: {},
}

function signingIn(how: keyof typeof PASSWORDS, labels: Readonly<Record<string, string>>): Patch {
  const options = { 'envoy.filters.network.redis_proxy': PASSWORDS[how] }
  return { ...nobody, cluster: 'c', value: { typed_extension_protocol_options: options }, labels }
}

function added(labels: Readonly<Record<string, string>>): Patch {
  const { value } = signingIn('file', labels)
  return { ...nobody, operation: 'ADD', value: { ...value, name: 'c' }, labels }
}

function elsewhere(labels: Readonly<Record<string, string>>): Patch {
  const patch = JSON.stringify(signingIn('file', labels))
  return JSON.parse(patch.replace('/etc/meltemi/redis', '/etc/redis'))
}

const caller: Patch = {
  ...nobody,
  applyTo: 'NETWORK_FILTER',
  operation: 'REPLACE',
  value: { prefix_routes: { catch_all_route: { cluster: 'c' } } },
}
const borne = { [LABEL]: 'file' }

/** For each rule, patches that break it, each by itself, and some that do not. */
const examples = [
  {
    wrong: [
      [signingIn('file', {})],
      [signingIn('file', { [LABEL]: 'environment' })],
      [signingIn('environment', borne)],
      [elsewhere(borne)],
      [signingIn('file', { 'redis-secret.meltemi.dev/other_pass': 'file' })],
      [added({})],
    ],
    right: [
      signingIn('file', borne),
      signingIn('environment', { [LABEL]: 'environment' }),
      added(borne),
      elsewhere({ [LABEL]: 'file-etc-redis-0123abcd' }),
    ],
  },
  {
    wrong: [
      [signingIn('file', borne), caller],
      [added(borne), caller],
    ],
    right: [signingIn('file', borne), { ...caller, labels: borne }, { ...caller, value: { cluster: 'd' } }],
  },
  {
    wrong: [
      [{ ...nobody, cluster: 'c', value: { lb_policy: 'MAGLEV' }, labels: borne }, caller],
      [{ ...nobody, operation: 'ADD', value: { name: 'c' }, labels: borne }, caller],
    ],
    right: [
      { ...nobody, cluster: 'c', value: { lb_policy: 'MAGLEV' }, labels: borne },
      { ...nobody, cluster: 'd', value: { lb_policy: 'MAGLEV' } },
      { ...caller, labels: borne },
    ],
  },
]

test.each(Object.entries(rules))('a breach is seen: %s', (rule, broken) => {
  const example = examples[Object.keys(rules).indexOf(rule)]
  for (const patches of example?.wrong ?? [[]]) expect(broken(patches)).not.toEqual([])
  expect(broken(example?.right ?? [])).toEqual([])
})

test('random meshes hold what these rules are about', { timeout: 60_000 }, async () => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(random, async (mesh) => {
      const patches = await patchesOf(mesh)
      for (const patch of patches) {
        for (const { cluster, how } of required(patch)) {
          seen.add(`${how}, ${patch.operation}`)
          const senders = patches.filter(({ filter, value }) => filter !== patch.filter && isNamed(cluster, value))
          if (senders.length > 0) seen.add('keys of another service')
        }
      }
    }),
    { numRuns: 400, seed: 7 },
  )
  expect([...seen].sort()).toEqual([
    'environment, ADD',
    'environment, MERGE',
    'file, ADD',
    'file, MERGE',
    'keys of another service',
  ])
})
