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

/** The name of the native feature that this one is part of, if it is. */
export function nativeFeature(name: string, value: unknown, replacesTcpProxy: boolean): string | undefined {
  // PASSTHROUGH dials the address that the client dialled, which a filter that ends the connection does not hand on.
  if (value === 'PASSTHROUGH' && replacesTcpProxy) return undefined
  const native = replacesTcpProxy ? onCluster : [...onCluster, ...inTcpProxy]
  return native.find((outer) => name === outer || name.startsWith(`${outer}.`))
}
