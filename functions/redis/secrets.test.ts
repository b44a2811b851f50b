import { subjectOf } from 'meltemi/testing'
import { describe, expect, test } from 'vitest'
import redis from './index.ts'

/** Secrets that stand twice, that are in error, or whose fields are not what Kubernetes takes. */
const { run } = subjectOf(redis)

interface Asked {
  readonly mode?: 'file' | 'environment' | 'inline'
  readonly reference?: string
  readonly namespace?: string
}

/** `secrets` are items as YAML; the service and what asks for the password stand before them. */
async function render(secrets: string, { mode = 'file', reference = '{name: s}', namespace }: Asked = {}) {
  const where = namespace === undefined ? '' : `, namespace: ${namespace}`
  const { output = '', messages } = await run(`apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig: {apiVersion: meltemi.dev/v1alpha1, kind: Redis, metadata: {name: redis}, spec: {secrets: ${mode}}}
items:
- apiVersion: v1
  kind: Service
  metadata: {name: cache${where}}
  spec: {clusterIP: 10.96.0.1, selector: {app: cache}, ports: [{name: tcp-redis, port: 6379}]}
- apiVersion: redis.aeraki.io/v1alpha1
  kind: RedisService
  metadata: {name: cache${where}}
  spec: {host: [cache], settings: {auth: {secret: ${reference}}}}
${secrets}`)
  const errors = messages.split('\n').filter((line) => line.startsWith('error'))
  const sources = /^[ -]+(?:inline_string|filename|environment_variable): .*$/gm
  return { errors, sources: [...output.matchAll(sources)].map(([line]) => line.replace(/^[ -]+/, '')), messages }
}

function secret(metadata: string, fields: string): string {
  return `- apiVersion: v1\n  kind: Secret\n  metadata: ${metadata}\n  ${fields}\n`
}

const NOWHERE = '{name: s}'
const DEFAULT = '{name: s, namespace: default}'

describe('a Secret without a namespace and one of the default namespace', () => {
  test.each([
    ['file', ['filename: /etc/meltemi/redis/s/password']],
    ['environment', ['environment_variable: REDIS_S_PASSWORD']],
  ] as const)('give the same filter where no value is taken: %s', async (mode, sources) => {
    const both = secret(NOWHERE, 'stringData: {password: one}') + secret(DEFAULT, 'stringData: {password: two}')
    expect(await render(both, { mode })).toMatchObject({ errors: [], sources })
  })

  test.each(['file', 'environment'] as const)('are an error where their fields differ: %s', async (mode) => {
    for (const other of ['{token: two}', '{password: two, username: app}', '{other: two}']) {
      const both = secret(NOWHERE, 'stringData: {password: one}') + secret(DEFAULT, `stringData: ${other}`)
      const { errors, sources } = await render(both, { mode })
      expect(errors).toEqual([
        'error: RedisService cache spec.settings.auth.secret.name: must name a Secret that the list has once, but it has Secret default/s and Secret s, and which of their fields holds cannot be known: keep one of them',
      ])
      expect(sources).toEqual([])
    }
  })

  test('are an error where their passwords differ and one is taken', async () => {
    const both = secret(NOWHERE, 'stringData: {password: one}') + secret(DEFAULT, 'stringData: {password: two}')
    const { errors, sources } = await render(both, { mode: 'inline' })
    expect(errors).toEqual([expect.stringContaining('which of their passwords holds cannot be known')])
    expect(sources).toEqual([])
  })

  test('are no error of the filter where it is the same password', async () => {
    const both = secret(NOWHERE, 'stringData: {password: one}') + secret(DEFAULT, 'data: {password: b25l}')
    expect(await render(both, { mode: 'inline' })).toMatchObject({ errors: [], sources: ['inline_string: one'] })
  })
})

const BLOCK = '\n    name: s\n    namespace: shop'
const SHOP = '{name: s, namespace: shop}'

describe('no password is taken from a Secret', () => {
  const sound = secret(SHOP, 'stringData: {password: one}')
  test.each([
    ['beside one of its name that is no YAML', sound + secret(BLOCK, 'stringData: {password: *x}'), 'is not YAML'],
    ['beside an item that may be one', sound + secret(SHOP, 'stringData: {password: *x}'), 'may be anything'],
    [
      'beside one whose metadata is refused',
      sound + secret('{name: s, namespace: shop, labels: [x]}', 'stringData: {password: two}'),
      'which of their passwords holds cannot be known',
    ],
    [
      'beside one whose namespace cannot be read',
      sound + secret('{name: s, namespace: [shop]}', 'stringData: {password: two}'),
      'which of their passwords holds cannot be known',
    ],
    [
      'that is itself refused',
      secret('{name: s, namespace: shop, labels: [x]}', 'stringData: {password: one}'),
      'must name a Secret without errors',
    ],
    [
      'that is itself no YAML',
      secret(BLOCK, 'stringData: {password: *x}'),
      'must name a Secret whose fields are known',
    ],
  ])('%s', async (_, secrets, message) => {
    const { errors, sources } = await render(secrets, { mode: 'inline', namespace: 'shop' })
    expect(errors.join('\n')).toContain(message)
    expect(sources).toEqual([])
  })

  test('which fields it has cannot be known either where it is no YAML', async () => {
    const { sources } = await render(sound + secret(BLOCK, 'stringData: {password: *x}'), { namespace: 'shop' })
    expect(sources).toEqual([])
  })
})

test('a Secret of another namespace is none of its twins', async () => {
  const both =
    secret(SHOP, 'stringData: {password: one}') + secret('{name: s, namespace: bank}', 'stringData: {password: two}')
  const { errors, sources } = await render(both, { mode: 'inline', namespace: 'shop' })
  expect({ errors, sources }).toEqual({ errors: [], sources: ['inline_string: one'] })
})

describe.each(['file', 'environment', 'inline'] as const)(
  'a Secret whose fields are not what they should be: %s',
  (mode) => {
    test.each([
      ['stringData: hunter2', '{name: s, passwordField: "0"}', 'stringData: must be a map of strings'],
      ['stringData: [hunter2]', '{name: s, passwordField: "0"}', 'stringData: must be a map of strings'],
      ['data: hunter2', '{name: s}', 'data: must be a map of strings'],
      ['data: 7', '{name: s}', 'data: must be a map of strings'],
      [
        'stringData: {password: hunter2}',
        '{name: s, passwordField: constructor}',
        'passwordField: Secret s must have the field that is named here in `data` or `stringData`',
      ],
      [
        'stringData: {password: hunter2}',
        '{name: s, usernameField: toString}',
        'usernameField: Secret s must have the field that is named here in `data` or `stringData`',
      ],
      [
        'stringData: {password: null}\n  data: {password: aHVudGVyMg==}',
        '{name: s}',
        'stringData.password: must be a string: Kubernetes takes `null` for an empty one, and `stringData` wins over `data`; give it a value, or leave the field out',
      ],
      [
        'data: {password: null, token: aHVudGVyMg==}',
        '{name: s}',
        'data.password: must be base64 of text: Kubernetes takes `null` for an empty value; give it one, or leave the field out',
      ],
      ['stringData: {password: 7}', '{name: s}', 'stringData.password: must be a string: quote it'],
      ['stringData: {password: [hunter2]}', '{name: s}', 'stringData.password: must be a string'],
    ])('%s, asked for %s', async (fields, reference, message) => {
      const { errors, sources, messages } = await render(secret(NOWHERE, fields), { mode, reference })
      expect(errors).toHaveLength(1)
      expect(errors[0]?.endsWith(message)).toBe(true)
      expect(sources).toEqual([])
      expect(messages).not.toContain('unter2')
    })

    test('absent maps hold nothing', async () => {
      const { errors } = await render(secret(NOWHERE, 'stringData: null\n  data: {password: aHVudGVyMg==}'), { mode })
      expect(errors).toEqual([])
    })
  },
)
