import { at, type Diagnostic, error, type L7Port, type Listeners, portKey } from 'meltemi'
import { type Guard, listed } from './guard.ts'
import type { Policy } from './policy.ts'

/** Ports that policies demand a guard for and that cannot have one, and the error that says why. */
export function unguardable(
  { outbound, inbound }: Listeners,
  guards: ReadonlyMap<string, Guard>,
): ReadonlyMap<string, Diagnostic> {
  const found = new Map<string, Diagnostic>()
  for (const { namespace, isSniffed, ports } of inbound) {
    const guard = guards.get(namespace)
    if (isSniffed && guard !== undefined) for (const port of ports) found.set(portKey(port), besideTcp(ports[0], guard))
  }
  const covered = new Set(inbound.flatMap(({ ports }) => ports.map(portKey)))
  for (const port of outbound.flatMap(({ ports }) => ports)) {
    const guard = guards.get(port.namespace)
    if (guard !== undefined && !covered.has(portKey(port))) found.set(portKey(port), nowhere(port, guard))
  }
  return found
}

function nowhere({ hostname, number, place }: L7Port, guard: Guard): Diagnostic {
  const message =
    `${hostname}:${number} cannot be guarded as ${demanded(guard)}: no sidecar and container port are known to do it. The service needs a selector ` +
    '(`spec.selector`, `spec.workloadSelector`), one container port for all workloads that it selects, and no port of another protocol there'
  return error(place, message)
}

/** Beside the TCP chain that a filter guards, a port whose protocol istiod guesses has one that it does not. */
function besideTcp({ hostname, number, name, place }: L7Port, guard: Guard): Diagnostic {
  const message =
    `${hostname}:${number} cannot be guarded as ${demanded(guard)}: Istio guesses the protocol of port "${name}" and lets what looks like HTTP pass by ` +
    'another filter chain; name the port `tcp-dubbo` (a Service) or give it `protocol: TCP` (a ServiceEntry)'
  return error(place, message)
}

function demanded({ demanding }: Guard): string {
  return `${listed(demanding)} ${demanding.length === 1 ? 'demands' : 'demand'}`
}

/** Rendered without a word or with a warning it would look like a rule that is in force. */
export function guardsNothing({ source }: Policy, namespace: string, rootNamespace: string): Diagnostic {
  const everywhere = namespace === rootNamespace ? '; the root namespace is one like any other to this kind' : ''
  const message =
    `guards nothing: a policy guards the Dubbo ports of its own namespace, and \`${namespace}\` has none in the list${everywhere}. ` +
    'Give it the namespace of the services that it is for, add them to the list, or remove it'
  return error(at(source, 'metadata.namespace'), message, { currentValue: namespace })
}
