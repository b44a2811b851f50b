import type { Destination } from '../istio/virtual-service.ts'
import { type Diagnostic, error } from '../krm/diagnostic.ts'
import { below, type Place } from '../krm/object.ts'
import { enumerate } from './enumerate.ts'
import { isHttp } from './istio-protocol.ts'
import { selects } from './selection.ts'
import type { MeshPort } from './service.ts'

/** What names a port for calls that it cannot carry. */
export interface Misled {
  readonly written: Destination
  /** Of the object with `host` and the port. */
  readonly place: Place
  readonly portField: string
  readonly protocol: string
}

/** Behind a port that is HTTP to Istio, the servers' sidecars read HTTP, and nothing else gets through. */
export function leadsToHttp(port: MeshPort, { written, place, portField, protocol }: Misled): Diagnostic {
  const { service, number, name } = port
  const field = written.port === undefined ? 'host' : portField
  const others = service.ports.filter(({ istio }) => istio !== 'udp' && !isHttp(istio))
  const [ours, ...more] = others.filter((other) => selects(protocol, other))
  const has = others.length === 0 ? 'it has no other' : `it has ${enumerate(others, (one) => String(one.number))}`
  return error(
    field.split('.').reduce(below, place),
    `\`${field}\` must lead to a port that can carry ${protocol}: Istio takes ${service.hostname}:${number} ("${name}") for HTTP; ${has}. If it does serve ${protocol}, ${asTcp(port, protocol)}`,
    {
      currentValue: written.port === undefined ? written.host : number,
      ...(written.port === undefined || ours === undefined || more.length > 0 ? {} : { proposedValue: ours.number }),
    },
  )
}

function asTcp({ service, appProtocol }: MeshPort, protocol: string): string {
  if (service.kind === 'ServiceEntry') return 'set its `protocol: TCP`'
  return appProtocol === undefined ? `name the port \`tcp-${protocol}\`` : 'set its `appProtocol: tcp`'
}
