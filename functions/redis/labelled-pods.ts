import { below, error, fail, type L7Port, type Outcome, ok, remark, warning } from 'meltemi'
import type { Declared } from './declared.ts'
import type { RedisServiceSpec } from './kinds.ts'
import type { RedisContext } from './prepared.ts'
import type { RouteTable } from './routes.ts'
import { labelLines, labelsForServers, type PodLabels } from './secret-labels.ts'
import { destinationsOf } from './slips.ts'

/** The labels that pods must bear for the filter of a port: those of its own servers, and of all others that get its keys. */
export function labelledPods(
  port: L7Port,
  table: RouteTable,
  service: Declared<RedisServiceSpec> | undefined,
  context: RedisContext,
): Outcome<PodLabels> {
  const own = labelsForServers([port.hostname], context)
  const targets = [...hostsOf(table)].filter((hostname) =>
    Object.keys(labelsForServers([hostname], context)).some((label) => own[label] === undefined),
  )
  const labels = labelsForServers([port.hostname, ...targets], context)
  // Of its own servers' password the RedisDestination's result tells.
  if (targets.length === 0) return ok(labels)
  const whom = targets.sort().join(', ')
  const who = `only pods with ${labelLines(labels)} get the filter, as keys go to ${whom}, whose password is one of the sidecar's`
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

function hostsOf(table: RouteTable): ReadonlySet<string> {
  const aims = destinationsOf(table).flatMap((to) => [to, ...(to.reads === undefined ? [] : [to.reads]), ...to.mirrors])
  return new Set(aims.map(({ upstream }) => upstream.hostname))
}
