import { describe, expect, test } from 'vitest'
import { readFullSchema } from '../../tools/envoy-api/subset.ts'
import { at } from '../krm/object.ts'
import { diagnosticsOf, resultOf } from '../krm/outcome.ts'
import { schemasOf } from '../sdk/schemas-of.ts'
import type { EnvoyFilter, NetworkFilterPatch } from './envoy-filter.ts'
import { type Schemas, validate } from './validate.ts'

const place = at(
  { ref: { apiVersion: 'v1', kind: 'Service', name: 'db', namespace: 'shop' }, item: 0 },
  'spec.ports[0]',
)

function filterWith(type: string, fields: object): EnvoyFilter {
  const value = { name: 'x', typed_config: { '@type': `type.googleapis.com/${type}`, ...fields } }
  const patch: NetworkFilterPatch = {
    applyTo: 'NETWORK_FILTER',
    match: {
      context: 'SIDECAR_OUTBOUND',
      listener: { name: '10.0.0.1_1', filterChain: { filter: { name: 'envoy.filters.network.tcp_proxy' } } },
    },
    patch: { operation: 'INSERT_BEFORE', value },
  }
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'x', namespace: 'istio-system', labels: {}, annotations: {} },
    spec: { priority: 10, configPatches: [patch] },
  }
}

function schemas(istio: readonly string[], own: NonNullable<Schemas['own']> = {}): Schemas {
  return { ...schemasOf({ schemas: own }, istio), envoy: readFullSchema() }
}

const MONGO = 'envoy.extensions.filters.network.mongo_proxy.v3.MongoProxy'

async function messages(filter: EnvoyFilter, knowledge: Schemas): Promise<readonly string[]> {
  return diagnosticsOf(await validate(filter, place, knowledge)).map(({ message }) => message)
}

describe('what leaves', () => {
  test('is the same filter when every minor of the range takes it', async () => {
    const filter = filterWith(MONGO, { stat_prefix: 'db', max_bson_depth: 50 })
    expect(resultOf(await validate(filter, place, schemas(['1.31'])))).toBe(filter)
  })

  test('is nothing when a field is newer than the oldest minor, and the error says which release has it', async () => {
    const filter = filterWith(MONGO, { stat_prefix: 'db', max_bson_depth: 50 })
    const outcome = await validate(filter, place, schemas(['1.29', '1.30', '1.31']))
    expect(resultOf(outcome)).toBeUndefined()
    expect(diagnosticsOf(outcome)).toEqual([
      {
        severity: 'error',
        place,
        message:
          'makes an EnvoyFilter that Envoy would refuse: `spec.configPatches[0].patch.value.typed_config.max_bson_depth`: `max_bson_depth` needs Envoy 1.39 (Istio 1.31); your range starts at Istio 1.29',
      },
    ])
  })

  test('names a misspelt field and the right one', async () => {
    const [message] = await messages(filterWith(MONGO, { stat_prefx: 'db' }), schemas(['1.31']))
    expect(message).toContain('typed_config.stat_prefx')
    expect(message).toContain('stat_prefix')
  })

  test('may hold a type that Envoy does not have, if the protocol brings its schema', async () => {
    const filter = filterWith('acme.v1.Proxy', { port: 1 })
    expect(await messages(filter, schemas(['1.31']))).toHaveLength(1)
    const accepts = Object.assign(() => true, {})
    expect(await messages(filter, schemas(['1.31'], { 'type.googleapis.com/acme.v1.Proxy': accepts }))).toEqual([])
    const error = { instancePath: '/port', keyword: 'type', message: 'must be string', params: { type: 'string' } }
    const refuses = Object.assign(() => false, { errors: [error] })
    expect(await messages(filter, schemas(['1.31'], { 'type.googleapis.com/acme.v1.Proxy': refuses }))).toEqual([
      'makes an EnvoyFilter that breaks its schema: `spec.configPatches[0].patch.value.typed_config/port` must be string',
    ])
  })

  test('may be anything, if the protocol has no schema at all', async () => {
    expect(await messages(filterWith('acme.v1.Proxy', { port: 1 }), schemasOf({}, ['1.31']))).toEqual([])
  })

  test('holds no regular expression that RE2 refuses, said once', async () => {
    const matcher = { safe_regex: { regex: '(?!a)' } }
    const route = { match: { method: { name: matcher } }, route: { cluster: 'c' } }
    const routes = [{ name: 'r', interface: '*', routes: [route] }]
    const filter = filterWith('envoy.extensions.filters.network.dubbo_proxy.v3.DubboProxy', {
      stat_prefix: 'x',
      multiple_route_config: { name: 'r', route_config: routes },
    })
    expect(await messages(filter, schemas(['1.31']))).toHaveLength(1)
    const known = { ...schemas(['1.31']), refusedRegexes: new Set(['(?!a)']) }
    const outcome = await validate(filter, place, known)
    expect([resultOf(outcome), diagnosticsOf(outcome)]).toEqual([undefined, []])
  })

  test('has the shape of an EnvoyFilter, or the patches are not even looked at', async () => {
    const filter = filterWith(MONGO, { stat_prefx: 'db' })
    const broken = { ...filter, spec: { ...filter.spec, priority: 0 } }
    expect(await messages(broken, schemas(['1.31']))).toEqual([expect.stringContaining('/spec/priority')])
  })
})
