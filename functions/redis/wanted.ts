import { chain, error, fail, type L7Port, type Outcome, ok, resultOf } from 'meltemi'
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

/** From the RedisService, else from the VirtualService, else the port's own cluster. */
export function wanted(
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

/** The table of a port of the protocol, by `portKey`; looked at once for each port, whoever sends keys there. */
export function tableAt(key: string, context: RedisContext): RouteTable | undefined {
  const { ports, services, tables } = context.prepared
  const port = ports.get(key)
  if (port === undefined || tables.has(key)) return tables.get(key)
  const found = chain(ownUpstream(port, context), (upstream) =>
    wanted(port, { upstream, place: port.place }, services.get(port.hostname), context),
  )
  const table = resultOf(found)?.table
  tables.set(key, table)
  return table
}
