import {
  at,
  type Context,
  type Diagnostic,
  type Diagnostics,
  describe,
  error,
  expandHost,
  heldBack,
  type KubernetesObject,
  namespaceOf,
  type Place,
  type Refused,
  resultOf,
  type SchemaValidator,
  type Sourced,
  warning,
} from 'meltemi'
import type { RedisConfig } from './config.ts'
import { type Declared, readSpec } from './declared.ts'
import { type NamedHost, namedHosts } from './named-hosts.ts'
import { nearestHosts } from './nearest-hosts.ts'

/** Objects of one kind by the hosts that they speak for. */
export interface ByHost<Spec> {
  /** Those without a fault of their own, whether or not their hosts are there. */
  readonly declared: readonly Declared<Spec>[]
  readonly byHost: ReadonlyMap<string, Declared<Spec>>
  readonly broken: ReadonlySet<string>
  readonly diagnostics: Diagnostics
}

interface Claim extends NamedHost {
  readonly object: Sourced<KubernetesObject>
}

/** What the list holds of one kind. */
export interface OfKind {
  readonly kind: string
  readonly objects: readonly Sourced<KubernetesObject>[]
  readonly refused: readonly Refused[]
}

/** Objects by the hosts they speak for; what is wrong with one costs its hosts, and each host has one that speaks for it. */
export function indexByHost<Spec>(
  { kind, objects, refused }: OfKind,
  schema: SchemaValidator,
  served: ReadonlyMap<string, string>,
  context: Context<RedisConfig, undefined>,
): ByHost<Spec> {
  const { clusterDomain } = context.profile
  const all: Declared<Spec>[] = []
  const byHost = new Map<string, Declared<Spec>>()
  const claims = new Map<string, Claim[]>()
  const unread = objects.filter(({ value, source }) => namedHosts(value.spec, at(source, 'spec')).isPart)
  const lost = [...refused, ...unread].map((object) => {
    const { hosts, isPart } = namedHosts(Object(object.value).spec, at(object.source, 'spec'))
    const named = isPart ? undefined : hosts.map(({ host }) => host)
    return heldBack(object, { kind, named, served, reach: 'namespace', clusterDomain })
  })
  const broken = new Set(lost.flatMap(({ hosts }) => hosts))
  const diagnostics: Diagnostic[] = lost.flatMap((one) => one.diagnostics)
  const nearest = nearestHosts(served)
  for (const object of objects) {
    const { declared, diagnostics: faults } = readSpec<Spec>(object, schema)
    diagnostics.push(...faults)
    if (declared !== undefined) all.push(declared)
    const namespace = namespaceOf(object.source.ref)
    for (const named of namedHosts(object.value.spec, at(object.source, 'spec')).hosts) {
      const hostname = expandHost(named.host, namespace, clusterDomain)
      const owner = served.get(hostname)
      if (owner !== namespace) {
        diagnostics.push(
          isDialled(hostname, named.place, context)
            ? error(named.place, withoutEndpoints(hostname), { currentValue: named.host })
            : idle(named, hostname, owner, nearest(hostname, namespace)),
        )
        continue
      }
      claims.set(hostname, [...(claims.get(hostname) ?? []), { ...named, object }])
      // One that stands twice may ask for another password the other time.
      if (declared === undefined || object.again !== undefined) broken.add(hostname)
      else byHost.set(hostname, declared)
    }
  }
  for (const [hostname, several] of claims) {
    if (several.length === 1) continue
    broken.add(hostname)
    diagnostics.push(...contradictions(hostname, several))
  }
  for (const hostname of broken) byHost.delete(hostname)
  return { declared: all, byHost, broken, diagnostics }
}

/** As in Aeraki, an object speaks for the services of its own namespace, so that no team configures another's. */
function idle(
  { host, place }: NamedHost,
  hostname: string,
  owner: string | undefined,
  nearest: readonly string[],
): Diagnostic {
  if (owner !== undefined) {
    const message = `does nothing: ${hostname} is of namespace ${owner}, and only an object of that namespace speaks for it`
    return warning(place, message, { currentValue: host })
  }
  const [meant] = nearest
  const hint = meant === undefined ? '' : `; the nearest are ${nearest.map((name) => `"${name}"`).join(', ')}`
  const message = `does nothing: no Service or ServiceEntry of the list is ${hostname} and has a port for Redis with a listener of its own (named \`tcp-redis\`, with a known address)${hint}`
  return warning(place, message, { currentValue: host, ...(meant === undefined ? {} : { proposedValue: meant }) })
}

function withoutEndpoints(hostname: string): string {
  return `must name a service whose endpoints Istio knows: ${hostname} is headless, or has resolution NONE, and redis_proxy has nothing to choose from; give clients a Service with an address, and name that`
}

/** Whether the host is there, and no filter can ever serve it: then what is asked for is lost, and not merely early. */
function isDialled(host: string, place: Place, { resolve }: Context<RedisConfig, undefined>): boolean {
  return resultOf(resolve({ place, namespace: '', host, dialled: 6379, clients: [] }))?.discovery === 'dialled'
}

function contradictions(hostname: string, claims: readonly Claim[]): Diagnostics {
  const names = [...new Set(claims.map(({ object }) => describe(object.source.ref)))].sort()
  const [first = '', second = '', ...others] = names
  // Each says it, so a list of all of them in each would be long.
  const these = others.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${others.length} more`
  return claims.map(({ host, place }) =>
    error(
      place,
      names.length === 1
        ? `must be the only entry for ${hostname}: it is named twice here`
        : `must be the only one that speaks for ${hostname}: ${these} do; merge them`,
      { currentValue: host },
    ),
  )
}
