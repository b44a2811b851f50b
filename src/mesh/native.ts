import { isWithin } from './feature-name.ts'

/**
 * Features of TCP that istiod realises without us: on the cluster, which a filter that routes to it by name shares, or
 * in `tcp_proxy`, as long as that stays.
 */
const onCluster: readonly string[] = [
  'DestinationRule.trafficPolicy.connectionPool.tcp.maxConnections',
  'DestinationRule.trafficPolicy.connectionPool.tcp.connectTimeout',
  'DestinationRule.trafficPolicy.connectionPool.tcp.tcpKeepalive',
  'DestinationRule.trafficPolicy.connectionPool.http.http1MaxPendingRequests',
  'DestinationRule.trafficPolicy.loadBalancer.simple',
  'DestinationRule.trafficPolicy.loadBalancer.localityLbSetting',
  'DestinationRule.trafficPolicy.loadBalancer.warmup',
  'DestinationRule.trafficPolicy.loadBalancer.warmupDurationSecs',
  'DestinationRule.trafficPolicy.loadBalancer.consistentHash.ringHash',
  'DestinationRule.trafficPolicy.loadBalancer.consistentHash.maglev',
  'DestinationRule.trafficPolicy.loadBalancer.consistentHash.minimumRingSize',
  'DestinationRule.trafficPolicy.outlierDetection',
  'DestinationRule.trafficPolicy.tls',
  'DestinationRule.trafficPolicy.proxyProtocol',
]

const inTcpProxy: readonly string[] = [
  'DestinationRule.trafficPolicy.connectionPool.tcp.idleTimeout',
  'DestinationRule.trafficPolicy.connectionPool.tcp.maxConnectionDuration',
  'DestinationRule.trafficPolicy.loadBalancer.consistentHash.useSourceIp',
  'DestinationRule.trafficPolicy.tunnel',
  'VirtualService.tcp',
  'VirtualService.tls',
]

/** Why a filter that replaces `tcp_proxy` loses what that did, and why nothing can be done about what is left. */
export const generalReasons: Readonly<Record<string, string>> = {
  'DestinationRule.trafficPolicy.connectionPool.tcp': 'tcp_proxy does this, and the filter stands in its place',
  'DestinationRule.trafficPolicy.connectionPool.http': 'the setting is for HTTP',
  'DestinationRule.trafficPolicy.tunnel': 'tcp_proxy does this, and the filter stands in its place',
  'DestinationRule.trafficPolicy.loadBalancer.simple':
    'PASSTHROUGH dials the address that the client dialled, which the filter does not hand on',
  'DestinationRule.trafficPolicy.loadBalancer.consistentHash':
    'the filter gives the load balancer nothing to hash, so that calls would go anywhere',
  'VirtualService.tls': 'the routes are for TLS by SNI, which the filter does not read',
}

/** The name of the native feature that this one is part of, if it is. */
export function nativeFeature(name: string, value: unknown, replacesTcpProxy: boolean): string | undefined {
  // PASSTHROUGH dials the address that the client dialled, which a filter that ends the connection does not hand on.
  if (value === 'PASSTHROUGH' && replacesTcpProxy) return undefined
  const native = replacesTcpProxy ? onCluster : [...onCluster, ...inTcpProxy]
  return native.find((outer) => isWithin(name, outer))
}
