import { below, error, fail, type L7Port, type Outcome, ok, remark, warning } from 'meltemi'
import type { Declared } from './declared.ts'
import type { RedisServiceSpec } from './kinds.ts'
import type { RedisContext } from './prepared.ts'
import type { Aim, RouteTable } from './routes.ts'
import { labelLines, labelsForServers, type PodLabels } from './secret-labels.ts'
import { destinationsOf } from './slips.ts'

/** The table of a port; `undefined`: it has none. */
type TableAt = (hostname: string, port: number) => RouteTable | undefined

/**
 * The labels that pods must bear for the filter of a port: those of its own servers, of all others that get its keys, and those that
 * the filters of these others need, without which their clusters are not as they must be.
 */
export function labelledPods(
  port: L7Port,
  table: RouteTable,
  service: Declared<RedisServiceSpec> | undefined,
  context: RedisContext,
  tableAt: TableAt,
): Outcome<PodLabels> {
  if (!context.prepared.readsPasswords) return ok({})
  const own = labelsForServers([port.hostname], context)
  const targets = [...hostsFrom(table, tableAt)].filter((hostname) =>
    Object.keys(labelsForServers([hostname], context)).some((label) => own[label] === undefined),
  )
  const labels = labelsForServers([port.hostname, ...targets], context)
  // Of its own servers' password the RedisDestination's result tells.
  if (targets.length === 0) return ok(labels)
  const whom = targets.sort().join(', ')
  const who = `only pods with ${labelLines(labels)} get the filter, as it leads to ${whom}, whose password is one of the sidecar's`
  const auth = service?.spec.settings?.auth
  const asksItself = context.prepared.destinations.get(port.hostname)?.spec.trafficPolicy?.connectionPool?.redis?.auth
  if (service === undefined || auth === undefined || asksItself !== undefined)
    return remark(labels, [
      warning(
        service?.place ?? port.place,
        `${who}: for other pods ${port.hostname}:${port.number} stays plain TCP, and their keys go to its own servers, whatever is routed`,
      ),
    ])
  const message = `cannot be asked of everybody: ${who}, and other pods reach the servers of ${port.hostname} without any. If these ask for a password themselves, say so with \`auth\` of a RedisDestination; else let keys go elsewhere, or choose \`secrets: inline\``
  return fail([error(below(below(service.place, 'settings'), 'auth'), message)])
}

/** Hosts that keys go to, those that the filters of these send keys to, and so on. */
function hostsFrom(table: RouteTable, tableAt: TableAt): ReadonlySet<string> {
  const hosts = new Set<string>()
  const seen = new Set<string>()
  const queue = [table]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const { upstream } of aimsOf(next)) {
      hosts.add(upstream.hostname)
      const key = `${upstream.hostname}:${upstream.port}`
      if (seen.has(key)) continue
      seen.add(key)
      const further = tableAt(upstream.hostname, upstream.port)
      if (further !== undefined) queue.push(further)
    }
  }
  return hosts
}

function aimsOf(table: RouteTable): readonly Aim[] {
  return destinationsOf(table).flatMap((to) => [to, ...(to.reads === undefined ? [] : [to.reads]), ...to.mirrors])
}
