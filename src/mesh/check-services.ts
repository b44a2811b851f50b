import { type Diagnostic, type Diagnostics, error, info } from '../krm/diagnostic.ts'
import { at, describe } from '../krm/object.ts'
import { isAddress } from './address.ts'
import { enumerate } from './enumerate.ts'
import type { Mesh } from './mesh.ts'
import type { MeshService } from './service.ts'
import { clientNamespaces } from './visibility.ts'

export interface CheckedServices {
  /** Those that listeners can be bound for. */
  readonly usable: ReadonlySet<MeshService>
  readonly problems: readonly Diagnostic[]
}

/** Services of which Istio makes something else than they say, or nothing; each is named, none is guessed at. */
export function checkServices(services: readonly MeshService[], mesh: Mesh): CheckedServices {
  const usable = new Set<MeshService>()
  const problems: Diagnostic[] = []
  for (const service of services) {
    const problem = problemOf(service, mesh)
    if (problem === undefined) {
      usable.add(service)
      problems.push(...withoutClients(service, mesh))
    } else {
      problems.push(problem)
    }
  }
  return { usable, problems }
}

function problemOf(service: MeshService, mesh: Mesh): Diagnostic | undefined {
  const { source, hostname, hosts, resolution } = service
  const spec = at(source, 'spec')
  const twins = (mesh.byHost.get(hostname) ?? []).filter((other) => other !== service)
  const host =
    service.kind === 'Service' ? at(source, 'metadata.name') : at(source, `spec.hosts[${hosts.indexOf(hostname)}]`)
  if (twins.length > 0) {
    const names = `${nameOf(service)} and ${enumerate(twins, nameOf)}`
    return error(host, `the host ${hostname} must be defined once, not by ${names}`, {
      currentValue: hostname,
    })
  }
  if (hosts.length > 1 && resolution !== 'NONE') {
    const message = `\`spec.hosts\` must hold one host: Istio refuses a ServiceEntry with several hosts and a TCP port; write one for each of ${hosts.join(', ')}`
    return error(at(source, 'spec.hosts'), message)
  }
  const odd = service.addressing.type === 'vips' ? service.addressing.vips.find((vip) => !isAddress(vip)) : undefined
  if (odd !== undefined)
    return error(
      at(source, 'spec.clusterIP'),
      `must be an IP address, \`None\`, or absent where the cluster is to choose; ${JSON.stringify(odd)} names no listener`,
      { currentValue: odd },
    )
  const repeated = repeatedNumber(service)
  if (repeated !== undefined)
    return error(
      at(source, 'spec.ports'),
      `\`spec.ports\` must hold each number once: port ${repeated} is defined twice`,
      {
        currentValue: repeated,
      },
    )
  if (service.addressing.type === 'alias')
    return info(
      spec,
      `${hostname} is an ExternalName: an alias has no listener, so the filter stands at the service that it names`,
    )
  return undefined
}

/** Nobody's listeners are patched then; the pods still listen, to whoever dials them. */
function withoutClients({ source, hostname, exportTo, namespace }: MeshService, { profile }: Mesh): Diagnostics {
  if (clientNamespaces(exportTo, namespace, profile).length > 0) return []
  return [info(at(source, 'spec'), `${hostname} is exported to nobody (\`~\`), so no client's listener is patched`)]
}

function nameOf({ source }: MeshService): string {
  return describe(source.ref)
}

function repeatedNumber({ ports }: MeshService): number | undefined {
  const seen = new Set<number>()
  for (const { number, istio } of ports) {
    if (istio === 'udp') continue
    if (seen.has(number)) return number
    seen.add(number)
  }
  return undefined
}
