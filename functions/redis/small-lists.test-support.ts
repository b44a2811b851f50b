import { subjectOf } from 'meltemi/testing'
import { parse } from 'yaml'
import redis from './index.ts'

/** Small lists, and what is said of them. */
const { run } = subjectOf(redis)

export interface Said {
  readonly severity: string
  readonly message: string
  readonly resourceRef?: { readonly kind: string }
  readonly field?: { readonly path: string; readonly currentValue?: unknown; readonly proposedValue?: unknown }
}

export interface Small {
  readonly results: readonly Said[]
  /** Each `patch.value` of the EnvoyFilters, as text. */
  readonly patches: string
  readonly filters: number
}

export async function rendered(items: readonly object[], spec: object = {}): Promise<Small> {
  const functionConfig = { apiVersion: 'meltemi.dev/v1alpha1', kind: 'Redis', metadata: { name: 'redis' }, spec }
  const list = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items, functionConfig }
  const { output } = await run(JSON.stringify(list))
  const { items: left, results = [] } = parse(output ?? '')
  const filters: readonly object[] = left.filter(({ kind }: { readonly kind: string }) => kind === 'EnvoyFilter')
  return { results, patches: JSON.stringify(filters), filters: filters.length }
}

export function named(apiVersion: string, kind: string, fields: object, name = 'cache', namespace = 'shop'): object {
  return { apiVersion, kind, metadata: { name, namespace }, ...fields }
}

export function service(name: string, last: number, namespace = 'shop'): object {
  const ports = [{ name: 'tcp-redis', port: 6379 }]
  const spec = { clusterIP: `10.96.0.${last}`, selector: { app: name }, ports }
  return named('v1', 'Service', { spec }, name, namespace)
}

export function redisService(spec: object, name?: string): object {
  return named('redis.aeraki.io/v1alpha1', 'RedisService', { spec: { host: ['cache'], ...spec } }, name)
}

export function redisDestination(trafficPolicy: object, host = 'cache'): object {
  return named('redis.aeraki.io/v1alpha1', 'RedisDestination', { spec: { host, trafficPolicy } })
}

export function destinationRule(spec: object): object {
  return named('networking.istio.io/v1', 'DestinationRule', { spec: { host: 'cache', ...spec } })
}

/** `severity path: message`, of the results about objects of a kind. */
export function of(kind: string, { results }: Small): readonly string[] {
  return results
    .filter(({ resourceRef }) => resourceRef?.kind === kind)
    .map(({ severity, field, message }) => `${severity} ${field?.path}: ${message}`)
}
