import type { Inputs } from '../istio/decode.ts'
import { namespaceOf } from '../istio/metadata.ts'
import { type Diagnostic, type Diagnostics, error, warning } from '../krm/diagnostic.ts'
import { below } from '../krm/object.ts'
import { isHttp } from './istio-protocol.ts'
import type { MeshPort } from './service.ts'

/**
 * Whether a port is one of a protocol: by `appProtocol` (`tcp` says nothing), else by its name: `tcp-<protocol>`,
 * as Aeraki has it, or `<protocol>`, each alone or with a suffix (`tcp-dubbo-orders`). `http-dubbo-ui` is not.
 */
export function selects(protocol: string, port: MeshPort): boolean {
  const { appProtocol } = port
  if (appProtocol === undefined || appProtocol === '' || appProtocol.toLowerCase() === 'tcp')
    return names(protocol, port.name)
  // `appProtocol: http` on a port named `tcp-dubbo` is a contradiction to be reported, not a decision.
  return names(protocol, appProtocol) || (names(protocol, port.name) && isL7OfIstio(port))
}

function names(protocol: string, text: string): boolean {
  const [first, second] = text.toLowerCase().split('-')
  return first === protocol || (first === 'tcp' && second === protocol)
}

function isL7OfIstio({ istio }: MeshPort): boolean {
  return isHttp(istio) || istio === 'tls' || istio === 'udp'
}

/** Whether Istio takes a port for HTTP and the protocol has no claim to it: what leads there is not about its calls. */
export function isHttpOfOthers(protocol: string, port: MeshPort): boolean {
  return isHttp(port.istio) && !selects(protocol, port)
}

/** The namespaces that hold a service with a port which may be the protocol's: where its pods can be, and no others. */
export function namespacesOf(protocol: string, { services, serviceEntries }: Inputs): ReadonlySet<string> {
  const mayBe = ({ name = '', appProtocol = '' }: { readonly name?: string; readonly appProtocol?: string }) =>
    names(protocol, name) || names(protocol, appProtocol)
  const holders = [...services, ...serviceEntries].filter(({ value }) =>
    (value.spec.ports ?? []).some((port) => port !== undefined && mayBe(port)),
  )
  return new Set(holders.map(({ value }) => namespaceOf(value.metadata)))
}

/** What istiod makes of a port of ours, where that is not plain TCP: an error if our filter would have no place. */
export function checkSelection(protocol: string, port: MeshPort): Diagnostics {
  const { istio, service } = port
  if (istio === 'tcp') return []
  if (istio === 'sniffed') return [sniffed(protocol, port)]
  const made = {
    http: 'Istio builds an HTTP filter chain for it',
    http2: 'Istio builds an HTTP filter chain for it',
    tls: 'Istio builds a TLS filter chain for it, routed by SNI',
    udp: 'it is not TCP, and Istio builds no listener for it',
    refused: 'Istio refuses a ServiceEntry with a protocol that it does not know',
  }[istio]
  const fix =
    service.kind === 'ServiceEntry'
      ? 'set `protocol: TCP`'
      : istio === 'udp'
        ? 'leave out `protocol` or set `protocol: TCP`'
        : 'set `appProtocol: tcp` or leave it out'
  const field = service.kind === 'ServiceEntry' || istio === 'udp' ? 'protocol' : 'appProtocol'
  const value = service.kind === 'Service' && istio !== 'udp' ? port.appProtocol : undefined
  return [
    error(below(port.place, field), `port "${port.name}" must be TCP for Istio to carry ${protocol}: ${made}; ${fix}`, {
      ...(value === undefined ? {} : { currentValue: value }),
      proposedValue: field === 'appProtocol' ? 'tcp' : 'TCP',
    }),
  ]
}

function sniffed(protocol: string, port: MeshPort): Diagnostic {
  const behind = 'Istio then guesses the protocol from the first bytes, at the cost of a second filter chain'
  if (port.service.kind === 'ServiceEntry')
    return warning(port.place, `port "${port.name}" should say \`protocol: TCP\`: ${behind}`)
  if (port.appProtocol !== undefined)
    return warning(
      below(port.place, 'appProtocol'),
      `\`appProtocol\` should be \`tcp\`, and the port be named \`tcp-${protocol}\`: Istio does not know "${port.appProtocol}"; ${behind}`,
      { currentValue: port.appProtocol, proposedValue: 'tcp' },
    )
  return warning(below(port.place, 'name'), `port "${port.name}" should be named \`tcp-${port.name}\`: ${behind}`, {
    currentValue: port.name,
    proposedValue: `tcp-${port.name}`,
  })
}
