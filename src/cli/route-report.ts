import type { Emitted } from '../envoyfilter/emit.ts'
import type { FilterPlan } from '../envoyfilter/filter-plan.ts'
import type { ListenerMatch } from '../mesh/l7-port.ts'
import { table } from './table.ts'

/** Which listeners of which proxies get which routes, as a person wants to read it in a review. */
export function routeReport(emitted: readonly Emitted[], rootNamespace: string): readonly string[] {
  return distinctPlans(emitted).flatMap((plan) => [...heading(plan, rootNamespace), ...routes(plan), ''])
}

/** A plan makes one EnvoyFilter for each namespace of clients; its routes are told once. */
function distinctPlans(emitted: readonly Emitted[]): readonly FilterPlan[] {
  return [...new Set(emitted.map(({ plan }) => plan))]
}

function heading(plan: FilterPlan, rootNamespace: string): readonly string[] {
  const services = plan.listener.ports.map(({ hostname, number }) => `${hostname}:${number}`).join(', ')
  const protocol = plan.listener.ports[0].protocol
  return [
    `${services}  (${protocol})`,
    `  on ${plan.direction === 'outbound' ? clients(plan, rootNamespace) : providers(plan)}`,
  ]
}

function clients(
  { listener, plan: { requiredLabels = {} } }: FilterPlan & { readonly direction: 'outbound' },
  rootNamespace: string,
): string {
  const { clientNamespaces, matches } = listener
  const scope = clientNamespaces.includes(rootNamespace) ? 'every namespace' : clientNamespaces.join(', ')
  const labels = Object.keys(requiredLabels).length === 0 ? '' : ` with ${labelList(requiredLabels)}`
  return `clients in ${scope}${labels}, listener ${matches.map(describeMatch).join(' and ')}`
}

function describeMatch(match: ListenerMatch): string {
  return match.kind === 'name' ? match.name : `of every address on port ${match.portNumber}`
}

function providers({ listener }: FilterPlan & { readonly direction: 'inbound' }): string {
  return `providers in ${listener.namespace} with ${labelList(listener.selector)}, container port ${listener.containerPort}`
}

function labelList(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')
}

function routes({ plan }: FilterPlan): readonly string[] {
  return table([['CALLS', 'GO TO'], ...plan.rows().map(({ calls, destination }) => [calls, destination])], '  ')
}
