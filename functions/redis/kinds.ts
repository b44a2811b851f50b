/** Aeraki's kinds, as far as we read them; the schemas beside this file say what each field means. */
export const REDIS_SERVICE = { group: 'redis.aeraki.io', kind: 'RedisService' } as const
export const REDIS_DESTINATION = { group: 'redis.aeraki.io', kind: 'RedisDestination' } as const
export const SECRET = { group: '', kind: 'Secret' } as const

export interface RedisServiceSpec {
  readonly host: readonly string[]
  readonly settings?: ProxySettings
  readonly redis?: readonly KeyRoute[]
  readonly faults?: readonly Fault[]
}

export interface ProxySettings {
  readonly auth?: Auth
  readonly caseInsensitive?: boolean
  readonly opTimeout?: string
  readonly enableCommandStats?: boolean
  readonly enableHashtagging?: boolean
  readonly enableRedirection?: boolean
  readonly maxBufferSizeBeforeFlush?: number
  readonly bufferFlushTimeout?: string
  readonly maxUpstreamUnknownConnections?: number
  readonly readPolicy?: string
  readonly redirectToHostnames?: boolean
  readonly connectionRateLimit?: number
  readonly customCommands?: readonly string[]
  readonly latencyInMicros?: boolean
}

/** Exactly one of the two. */
export interface Auth {
  readonly plain?: { readonly password: string; readonly username?: string }
  readonly secret?: SecretReference
}

export interface SecretReference {
  readonly name: string
  readonly passwordField?: string
  readonly usernameField?: string
}

export interface KeyRoute {
  readonly match?: { readonly key?: { readonly prefix?: string; readonly removePrefix?: boolean } }
  readonly route: RouteTarget
  readonly mirror?: readonly MirrorTarget[]
  readonly keyFormatter?: string
  readonly readRoute?: RouteTarget
}

export interface RouteTarget {
  readonly host: string
  /** 0 is Aeraki's word for "not said". */
  readonly port?: number
  readonly subset?: string
}

export interface MirrorTarget {
  readonly route: RouteTarget
  readonly percentage?: Percentage
  readonly excludeReadCommands?: boolean
}

export interface Percentage {
  readonly value?: number
}

export interface Fault {
  /** DELAY is protobuf's zero, so it is what an absent `type` means. */
  readonly type?: 'DELAY' | 'ERROR'
  readonly percentage?: Percentage
  readonly delay?: string
  readonly commands?: readonly string[]
}

export interface RedisDestinationSpec {
  readonly host: string
  readonly trafficPolicy?: {
    readonly connectionPool?: { readonly tcp?: TcpSettings; readonly redis?: RedisSettings }
    readonly loadBalancer?: LoadBalancer
    readonly healthCheck?: HealthCheck
  }
}

export interface TcpSettings {
  readonly maxConnections?: number
  readonly connectTimeout?: string
  readonly tcpKeepalive?: { readonly probes?: number; readonly time?: string; readonly interval?: string }
}

export interface RedisSettings {
  readonly mode?: 'PROXY' | 'CLUSTER'
  readonly auth?: Auth
  readonly discoveryEndpoints?: readonly string[]
  readonly clusterRefreshRate?: string
  readonly clusterRefreshTimeout?: string
  readonly redirectRefreshInterval?: string
  readonly redirectRefreshThreshold?: number
  readonly failureRefreshThreshold?: number
  readonly hostDegradedRefreshThreshold?: number
  readonly enableZoneDiscovery?: boolean
}

export interface LoadBalancer {
  readonly maglev?: { readonly tableSize?: number }
  readonly ringHash?: { readonly minimumRingSize?: number }
}

export interface HealthCheck {
  readonly interval?: string
  readonly timeout?: string
  readonly unhealthyThreshold?: number
  readonly healthyThreshold?: number
  readonly key?: string
}
