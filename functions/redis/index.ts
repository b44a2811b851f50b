import { defineProtocol } from 'meltemi'
import type { RedisConfig } from './config.ts'
import validateConfig from './generated/config.js'
import { envoySchema } from './generated/envoy-schema.ts'
import { inboundPlan } from './inbound.ts'
import { REDIS_DESTINATION, REDIS_SERVICE, SECRET } from './kinds.ts'
import { objection } from './objection.ts'
import { outbound } from './outbound.ts'
import { type Prepared, prepare } from './prepared.ts'
import { remarks } from './traps.ts'

/** Redis by RESP 2: sharding, routes by the prefix of the key, mirrors, passwords, and a Redis Cluster behind one address. */
export default defineProtocol<RedisConfig, Prepared>({
  name: 'redis',
  kind: 'Redis',
  summary: "Routes Redis commands by key, shards, mirrors and signs in, with Envoy's redis_proxy.",
  sharesListeners: false,
  needsEndpoints: true,
  replacesTcpProxy: true,
  supports: [
    'VirtualService.http.route.destination',
    'VirtualService.http.mirror',
    'VirtualService.http.mirrors',
    'VirtualService.http.mirrorPercentage',
    'VirtualService.http.mirrorPercent',
    'VirtualService.http.timeout',
    'VirtualService.http.fault.delay',
    'VirtualService.http.fault.abort.percentage',
    'VirtualService.tcp.route.destination',
    'DestinationRule.trafficPolicy.loadBalancer.consistentHash.useSourceIp',
  ],
  reasons: {
    'VirtualService.http.route.weight': 'redis_proxy knows no weights: a key that is now here and now there is lost',
    'VirtualService.tcp.route.weight': 'redis_proxy knows no weights: a key that is now here and now there is lost',
    'VirtualService.http.retries': 'redis_proxy does not retry; clients do',
    'VirtualService.http.fault.abort': 'an error of Redis has no status: redis_proxy answers `Fault Injected: Error`',
    'VirtualService.http.match': 'a Redis command has no such thing; a RedisService routes by the prefix of the key',
    'DestinationRule.trafficPolicy.connectionPool.tcp.maxConnections':
      'redis_proxy implements no circuit breaking, and keeps one connection to each server for each worker thread',
    'DestinationRule.trafficPolicy.connectionPool.http.http1MaxPendingRequests':
      'redis_proxy implements no circuit breaking',
    'DestinationRule.trafficPolicy.loadBalancer.consistentHash':
      'redis_proxy always hashes the key: say `useSourceIp: true`, which only fills the required field',
  },
  objection,
  kinds: [REDIS_SERVICE, REDIS_DESTINATION, SECRET],
  config: validateConfig,
  envoySchema,
  prepare,
  outbound,
  inbound: inboundPlan,
  wantsInbound: ({ config }) => config.inbound === true,
  remarks,
})
