import { chain, error, fail, type L7Port, type Outcome, ok, resultOf, type Upstream } from 'meltemi'
import { both } from './both.ts'
import type { Declared } from './declared.ts'
import { type FaultRule, faultRules } from './faults.ts'
import type { RedisServiceSpec } from './kinds.ts'
import type { RedisContext } from './prepared.ts'
import { type Aim, ownUpstream, type RouteTable, serviceRoutes, transparent } from './routes.ts'
import { plainRoute } from './virtual-service-routes.ts'

/** Where keys go, and what stands beside the routes in the object that says so. */
export interface Wanted {
  readonly table: RouteTable
  readonly opTimeout?: string
  readonly faults: readonly FaultRule[]
}

/** From the RedisService, else from the VirtualService, else the port's own cluster (`own`). */
export function wanted(port: L7Port, own: Upstream, context: RedisContext): Outcome<Wanted> {
  const { services, wants } = context.prepared
  const known = wants.get(port)
  if (known !== undefined) return known
  const found = decide(port, { upstream: own, place: port.place }, services.get(port.hostname), context)
  wants.set(port, found)
  return found
}

function decide(
  port: L7Port,
  own: Aim,
  service: Declared<RedisServiceSpec> | undefined,
  context: RedisContext,
): Outcome<Wanted> {
  const [route] = port.routes
  if (service === undefined)
    return route === undefined ? ok({ table: transparent(own), faults: [] }) : plainRoute(port, context)
  if (route !== undefined) {
    const message = `a RedisService and a VirtualService both route ${port.hostname}:${port.number} (the latter at \`${route.place.path}\` of VirtualService ${route.place.source.ref.name}); keep one of them`
    return fail([error(service.place, message)])
  }
  const rules = faultRules(service, context.profile)
  return both(serviceRoutes(service, own, port, context), rules, (table, faults) => ({ table, faults }))
}

/** The table of a port of the protocol, by `portKey`; `undefined`: there is none, or it has no routes that hold. */
export function tableAt(key: string, context: RedisContext): RouteTable | undefined {
  const port = context.prepared.ports.get(key)
  if (port === undefined) return undefined
  return resultOf(chain(ownUpstream(port, context), (own) => wanted(port, own, context)))?.table
}
