import type { ServicePort } from '../istio/service.ts'
import type { ServiceEntryPort } from '../istio/service-entry.ts'

/**
 * What istiod takes a port for, as far as it decides the listener: `tcp` gets a `tcp_proxy` to stand at; `http`,
 * `http2` (gRPC too) and `tls` do not; `sniffed` gets one behind protocol detection; `udp` has no listener; `refused` fails Istio's validation.
 */
export type IstioProtocol = 'tcp' | 'http' | 'http2' | 'tls' | 'sniffed' | 'udp' | 'refused'

export function isHttp(protocol: IstioProtocol): boolean {
  return protocol === 'http' || protocol === 'http2'
}

/** pilot `ConvertProtocol`: `appProtocol` wins over the name, and what counts is the text before the first dash. */
export function protocolOfServicePort({ port, name, protocol, appProtocol }: ServicePort): IstioProtocol {
  if (protocol !== undefined && protocol.toUpperCase() !== 'TCP') return 'udp'
  switch (appProtocol?.toLowerCase()) {
    case 'kubernetes.io/h2c':
      return 'http2'
    case 'kubernetes.io/ws':
      return 'http'
    case 'kubernetes.io/wss':
      return 'tls'
  }
  const text = (appProtocol ?? name ?? '').toLowerCase()
  const parsed = parse(text.startsWith('grpc-web') ? 'grpc-web' : (text.split('-')[0] ?? ''))
  if (parsed !== undefined) return parsed
  // SMTP, DNS, MySQL and MongoDB: servers that speak first, which sniffing would hang.
  return [25, 53, 3306, 27017].includes(port) ? 'tcp' : 'sniffed'
}

/** pilot `protocol.Parse` on the whole of `protocol`; Istio's validation refuses what it does not know. */
export function protocolOfServiceEntryPort({ protocol }: ServiceEntryPort): IstioProtocol {
  if (protocol === undefined || protocol === '') return 'sniffed'
  return parse(protocol.toLowerCase()) ?? 'refused'
}

function parse(name: string): IstioProtocol | undefined {
  switch (name) {
    case 'tcp':
    case 'mongo':
    case 'redis':
    case 'mysql':
      return 'tcp'
    case 'http':
    case 'http_proxy':
      return 'http'
    case 'http2':
    case 'grpc':
    case 'grpc-web':
      return 'http2'
    case 'https':
    case 'tls':
      return 'tls'
    case 'udp':
      return 'udp'
    default:
      return undefined
  }
}
