import { type ClusterChange, compare, type L7Port, typeUrl } from 'meltemi'
import type { Settings } from './settings.ts'

const PROTOCOL_OPTIONS_TYPE = typeUrl('envoy.extensions.filters.network.thrift_proxy.v3.ThriftProtocolOptions')

/**
 * What the server is spoken to in, where that is not what the client speaks: an option of its clusters, of every subset, so
 * that it holds whichever service's route leads there.
 */
export function conversion(
  port: L7Port,
  { upstreamTransport = 'AUTO', upstreamProtocol = 'AUTO' }: Settings,
): readonly ClusterChange[] {
  if (upstreamTransport === 'AUTO' && upstreamProtocol === 'AUTO') return []
  const options = {
    '@type': PROTOCOL_OPTIONS_TYPE,
    ...(upstreamTransport === 'AUTO' ? {} : { transport: upstreamTransport }),
    ...(upstreamProtocol === 'AUTO' ? {} : { protocol: upstreamProtocol }),
  }
  const value = { typed_extension_protocol_options: { 'envoy.filters.network.thrift_proxy': options } }
  const subsets = port.subsets.map(({ name }) => `outbound|${port.number}|${name}|${port.hostname}`)
  return [port.cluster, ...subsets].toSorted(compare).map((cluster) => ({ operation: 'MERGE', cluster, value }))
}
