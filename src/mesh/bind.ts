import type { Inputs } from '../istio/decode.ts'
import type { Diagnostic, Diagnostics } from '../krm/diagnostic.ts'
import { diagnosticsOf, type Outcome, remark, resultOf } from '../krm/outcome.ts'
import { checkServices } from './check-services.ts'
import type { BoundPort } from './client-listeners.ts'
import { outboundCluster } from './cluster-name.ts'
import { featuresOf } from './features.ts'
import { governing } from './governing.ts'
import { type ForHttp, remarksOnHttp } from './http-remarks.ts'
import { httpRoutes } from './http-routes.ts'
import { inboundListeners } from './inbound.ts'
import type { InboundListener, L7Port, OutboundListener } from './l7-port.ts'
import { type ListenerRules, outboundListeners } from './listeners.ts'
import { indexMesh, type Mesh } from './mesh.ts'
import { policiesOf, repeatedSubsets } from './policies.ts'
import type { MeshProfile } from './profile.ts'
import { type Resolve, resolver } from './resolve.ts'
import { routesFor } from './routes.ts'
import { checkSelection, selects } from './selection.ts'
import type { MeshPort, MeshService } from './service.ts'
import { strayAddresses } from './stray-addresses.ts'
import { strayVirtualServices } from './stray-virtual-services.ts'
import { discoveryOf, withoutEndpoints } from './upstream.ts'
import { clientNamespaces } from './visibility.ts'

/** A protocol's ports and where its filters stand, by host and port. */
export interface Bound {
  readonly outbound: readonly OutboundListener[]
  readonly inbound: readonly InboundListener[]
  /** Why ports have no inbound listener: for a protocol that emits inbound filters, and for nobody else. */
  readonly inboundDiagnostics: Diagnostics
  /** Finds other services of the list, for what a protocol's own kinds name. */
  readonly resolve: Resolve
}

/** What decides how ports of a protocol are bound. */
export interface BindRules extends ListenerRules {
  /** Names of features that the protocol's filter can express. */
  readonly supports?: readonly string[]
  /** Whether the filter chooses endpoints itself, so that it cannot use a cluster without any (see `Discovery`). */
  readonly needsEndpoints?: boolean
}

/**
 * Joins the inputs into the listeners of one protocol. What is wrong with a port costs that port; what is wrong with a
 * route costs that route; each is said. The result does not depend on the order of the inputs.
 */
export function bind(inputs: Inputs, profile: MeshProfile, protocol: BindRules): Outcome<Bound> {
  const mesh = indexMesh(inputs, profile)
  const diagnostics: Diagnostic[] = []
  const bound: BoundPort[] = []
  const forHttp: ForHttp[] = []
  const chosen = mesh.services
    .map((service) => ({ service, ports: service.ports.filter((port) => selects(protocol.name, port)) }))
    .filter(({ ports }) => ports.length > 0)
  const { usable, problems } = checkServices(
    chosen.map(({ service }) => service),
    mesh,
  )
  diagnostics.push(...problems)
  for (const { service, ports } of chosen) {
    for (const port of ports) diagnostics.push(...checkSelection(protocol.name, port))
    if (!usable.has(service)) continue
    if (protocol.needsEndpoints === true && discoveryOf(service) === 'dialled') {
      diagnostics.push(...ports.map((port) => withoutEndpoints(port, protocol.name)))
      continue
    }
    // Without tcp_proxy in the chain there is nothing to stand before or to replace.
    const standing = ports.filter(({ istio }) => istio === 'tcp' || istio === 'sniffed')
    const outcome = l7Ports(service, standing, mesh, protocol)
    diagnostics.push(...diagnosticsOf(outcome))
    bound.push(...(resultOf(outcome)?.bound ?? []))
    forHttp.push(...(resultOf(outcome)?.forHttp ?? []))
  }
  diagnostics.push(
    ...remarksOnHttp(forHttp, protocol.name),
    ...strayVirtualServices(
      inputs,
      chosen.map(({ service }) => service),
      mesh,
    ),
    ...strayAddresses(mesh),
  )
  const outbound = outboundListeners(bound, mesh, protocol)
  const inbound = inboundListeners(bound, mesh, protocol.name)
  diagnostics.push(...diagnosticsOf(outbound), ...inbound.warnings)
  const result: Bound = {
    outbound: resultOf(outbound) ?? [],
    inbound: inbound.listeners,
    inboundDiagnostics: inbound.diagnostics,
    resolve: resolver(mesh, protocol),
  }
  return remark(result, diagnostics)
}

interface ServicePorts {
  readonly bound: readonly BoundPort[]
  /** Routes that might have been for them, and are not. */
  readonly forHttp: readonly ForHttp[]
}

/** The ports of one service: its VirtualService and DestinationRules are the same for all of them. */
function l7Ports(
  service: MeshService,
  ports: readonly MeshPort[],
  mesh: Mesh,
  { name: protocol, supports = [] }: BindRules,
): Outcome<ServicePorts> {
  const clients = clientNamespaces(service.exportTo, service.namespace, mesh.profile)
  const policies = policiesOf(service, clients, mesh)
  const { claim, diagnostics: claims } = governing(service, clients, mesh)
  const diagnostics: Diagnostic[] = [...claims, ...repeatedSubsets(policies)]
  const mirrors = supports.includes('VirtualService.http.mirror')
  const forHttp: ForHttp[] = []
  const virtualService = claim?.virtualService
  const bound = ports.map((port): BoundPort => {
    const http = virtualService === undefined ? undefined : httpRoutes({ mesh, virtualService, port, protocol })
    if (http !== undefined) forHttp.push(...http.doubtful.map((route) => ({ ...route, port })))
    const site = { port, protocol, clients, forHttp: http?.routes ?? new Set() }
    const routes = virtualService === undefined ? undefined : routesFor({ ...site, mesh, virtualService, mirrors })
    if (routes !== undefined) diagnostics.push(...diagnosticsOf(routes))
    const l7: L7Port = {
      place: port.place,
      protocol,
      hostname: service.hostname,
      namespace: service.namespace,
      number: port.number,
      name: port.name,
      annotations: service.annotations,
      cluster: outboundCluster(port.number, undefined, service.hostname),
      subsets: policies.subsets,
      routes: routes === undefined ? [] : (resultOf(routes) ?? []),
      features: featuresOf({
        ...site,
        rootNamespace: mesh.profile.rootNamespace,
        destinationRules: policies.rules,
        ...(virtualService === undefined ? {} : { virtualService }),
      }),
      clientNamespaces: clients,
    }
    return { port, l7 }
  })
  return remark({ bound, forHttp }, diagnostics)
}
