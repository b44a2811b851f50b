import {
  chain,
  collect,
  compare,
  error,
  fail,
  type L7Port,
  map,
  type OutboundListener,
  type Outcome,
  ok,
} from 'meltemi'
import { type Declaration, describeKey, EVERY_INTERFACE, readServiceKey, type ServiceKey } from './service-key.ts'

/**
 * The ports behind one listener, each with its key, most specific first: Envoy asks the route configurations in order,
 * and one whose interface matches but none of whose routes does hands the call on to the next.
 */
export function declarations(listener: OutboundListener): Outcome<readonly Declaration[]> {
  const read = collect(listener.ports, (port) => map(readServiceKey(port), (key) => ({ port, key })))
  const found = map(chain(read, refuseTwins), (all) => all.toSorted(bySpecificity))
  // A filter without a route configuration is none: where no port is left, only the errors are.
  return chain(found, (left) => (left.length === 0 ? fail([]) : ok(left)))
}

function refuseTwins(found: readonly Declaration[]): Outcome<readonly Declaration[]> {
  const seen = new Map<string, L7Port>()
  return collect(found, (declaration) => {
    const key = describeKey(declaration.key)
    const twin = seen.get(key)
    if (twin === undefined) {
      seen.set(key, declaration.port)
      return ok(declaration)
    }
    const { port } = declaration
    const message =
      `shares its listener with ${twin.hostname}:${twin.number}, and both serve ${key === EVERY_INTERFACE ? 'every interface' : `\`${key}\``}: ` +
      'a call does not say which of the two it is for. Give each its own address (`spec.addresses`, `clusterIP`), or its own `interface`, `group` or `version` annotation'
    return fail([error(port.place, message)])
  })
}

function bySpecificity(a: Declaration, b: Declaration): number {
  return rank(a.key) - rank(b.key) || compare(describeKey(a.key), describeKey(b.key))
}

function rank(key: ServiceKey): number {
  const parts = (key.group === undefined ? 1 : 0) + (key.version === undefined ? 1 : 0)
  if (key.interface === EVERY_INTERFACE) return 20 + parts
  // Among wildcards the longer one says more.
  if (key.interface.includes('*')) return 10 + parts - key.interface.length / 1000
  return parts
}
