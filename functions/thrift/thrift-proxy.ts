import { type NetworkFilter, type TypedConfig, typeUrl } from 'meltemi'
import { headerToMetadata, loggedMetadata } from './header-to-metadata.ts'
import type { ThriftRoute } from './routes.ts'
import type { Settings } from './settings.ts'

const NETWORK = 'envoy.extensions.filters.network.thrift_proxy'
const THRIFT_PROXY_TYPE = typeUrl(`${NETWORK}.v3.ThriftProxy`)
const ROUTER_TYPE = typeUrl(`${NETWORK}.router.v3.Router`)
const FILE_ACCESS_LOG_TYPE = typeUrl('envoy.extensions.access_loggers.file.v3.FileAccessLog')

/** A filter inside thrift_proxy, which sees calls. */
export interface ThriftFilter {
  readonly name: string
  readonly typed_config: TypedConfig
}

const ROUTER: ThriftFilter = { name: 'envoy.filters.thrift.router', typed_config: { '@type': ROUTER_TYPE } }

/**
 * Envoy's thrift_proxy. AUTO is its default for transport and protocol, and left out. `validate_clusters: false`, since
 * one unknown cluster would cost the whole listener; that each exists in the list is checked before.
 */
export function thriftProxy(
  statPrefix: string,
  routes: readonly ThriftRoute[],
  settings: Settings = {},
  filters: readonly ThriftFilter[] = [],
): NetworkFilter {
  const { transport = 'AUTO', protocol = 'AUTO', payloadPassthrough, maxRequestsPerConnection } = settings
  const inner = [...headerToMetadata(settings.headerToMetadata), ...filters]
  return {
    name: 'envoy.filters.network.thrift_proxy',
    typed_config: {
      '@type': THRIFT_PROXY_TYPE,
      stat_prefix: statPrefix,
      ...(transport === 'AUTO' ? {} : { transport }),
      ...(protocol === 'AUTO' ? {} : { protocol }),
      ...(payloadPassthrough === true ? { payload_passthrough: true } : {}),
      ...(maxRequestsPerConnection === undefined ? {} : { max_requests_per_connection: maxRequestsPerConnection }),
      ...(settings.accessLog === true ? { access_log: [accessLog(settings)] } : {}),
      // Envoy would write every header in lower case on its way to the server, where plain TCP changed nothing.
      header_keys_preserve_case: true,
      route_config: { name: statPrefix, validate_clusters: false, routes },
      // Without any, Envoy takes the router; with others, the router must be said, and be the last.
      ...(inner.length === 0 ? {} : { thrift_filters: [...inner, ROUTER] }),
    },
  }
}

/** Envoy's default format is about HTTP; what thrift_proxy knows of a call it leaves in metadata. */
function accessLog({ headerToMetadata: rules }: Settings) {
  const call = '%DYNAMIC_METADATA(thrift.proxy:method)% %DYNAMIC_METADATA(thrift.proxy:response:reply_type)%'
  const way = 'cluster=%DYNAMIC_METADATA(thrift.proxy:cluster)% upstream=%UPSTREAM_HOST% duration=%DURATION%'
  const format = `[%START_TIME%] thrift ${call} ${way} downstream=%DOWNSTREAM_REMOTE_ADDRESS%${loggedMetadata(rules)}\n`
  return {
    name: 'envoy.access_loggers.file',
    typed_config: {
      '@type': FILE_ACCESS_LOG_TYPE,
      path: '/dev/stdout',
      log_format: { text_format_source: { inline_string: format } },
    },
  }
}
