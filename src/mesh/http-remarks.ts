import { type Diagnostics, info } from '../krm/diagnostic.ts'
import { groupBy } from '../krm/group.ts'
import { enumerate } from './enumerate.ts'
import type { HttpRoute } from './http-routes.ts'
import type { MeshPort } from './service.ts'

/** A route that was left to HTTP, and the port of ours that it might have been for. */
export interface ForHttp extends HttpRoute {
  readonly port: MeshPort
}

/** Once for a VirtualService, however many of its routes and of our ports it is about. */
export function remarksOnHttp(all: readonly ForHttp[], protocol: string): Diagnostics {
  const byVirtualService = groupBy(all, ({ place }) => place.source.item)
  return [...byVirtualService.values()].flatMap((found) => {
    const [first] = found
    if (first === undefined) return []
    const routes = new Set(found.map(({ place }) => place.path))
    const [are, lead] = routes.size === 1 ? ['is', 'it leads'] : ['are', 'they lead']
    const said = enumerate([...routes], (path) => `\`${path}\``)
    const ours = named(found.map(({ port }) => port))
    const http = named(found.flatMap(({ ports }) => ports))
    const message = `${said} ${are} not for ${protocol} at ${ours}: ${lead} to ${http}, which Istio takes for HTTP. If ${protocol} is meant, correct \`destination\`; if HTTP, nothing need be done, and \`match[].port\` with the number of an HTTP port says so without this remark`
    return [info(first.place, message)]
  })
}

function named(ports: readonly MeshPort[]): string {
  return enumerate([...new Set(ports.map(({ service, number }) => `${service.hostname}:${number}`))], (name) => name)
}
