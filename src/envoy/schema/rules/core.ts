import { isIPv4, isIPv6 } from '../../../mesh/address.ts'
import { type CppRule, type Finding, has, when } from './rule.ts'

/** Rules of messages that any filter may hold. */
export const coreRules: readonly CppRule[] = [
  cidr('envoy.config.core.v3.CidrRange'),
  cidr('xds.core.v3.CidrRange'),
  apiVersion('envoy.config.core.v3.ApiConfigSource'),
  apiVersion('envoy.config.ratelimit.v3.RateLimitServiceConfig'),
  typedConfig('envoy.config.accesslog.v3.AccessLog'),
  typedConfig('envoy.config.core.v3.HealthCheck.CustomHealthCheck'),
  typedConfig('envoy.config.core.v3.TransportSocket'),
  typedConfig('envoy.config.listener.v3.Filter'),
  typedConfig('envoy.extensions.filters.network.thrift_proxy.v3.ThriftFilter'),
  {
    on: 'envoy.config.core.v3.ConfigSource',
    name: 'config-source',
    says: 'there is a source',
    envoy: 'Missing config source specifier in',
    find: (source) => when(!SOURCES.some((name) => has(source, name)), [], `must have one of ${SOURCES.join(', ')}`),
  },
]

const SOURCES = ['ads', 'api_config_source', 'path', 'path_config_source']

function typedConfig(on: string): CppRule {
  return {
    on,
    name: 'typed-config',
    says: '`typed_config` is set: Envoy finds the extension by its type',
    envoy: "with type URL: ''",
    find: (extension) =>
      when(!has(extension, 'typed_config') && !has(extension, 'config_discovery'), [], 'must have `typed_config`'),
  }
}

function cidr(on: string): CppRule {
  return {
    on,
    name: 'cidr',
    says: '`address_prefix` is an IP address and `prefix_len` fits it',
    envoy: 'Failed to create CIDR range: malformed IP address: 10.0.0',
    find: ({ address_prefix: address, prefix_len: length = 0 }): readonly Finding[] => {
      if (typeof address !== 'string') return []
      const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined
      if (bits === undefined) return when(true, ['address_prefix'], `must be an IP address, not "${address}"`)
      return when(
        typeof length === 'number' && length > bits,
        ['prefix_len'],
        `must be at most ${bits} for this address`,
      )
    },
  }
}

function apiVersion(on: string): CppRule {
  return {
    on,
    name: 'api-version',
    says: '`transport_api_version` is V3 or AUTO',
    envoy: 'V2 xDS transport protocol version is deprecated',
    find: (source) =>
      when(source.transport_api_version === 'V2', ['transport_api_version'], 'must be V3: Envoy speaks V2 no more'),
  }
}
