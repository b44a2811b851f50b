import { typeUrl } from 'meltemi'
import type { Credentials, DataSource } from './credentials.ts'

export const PROTOCOL_OPTIONS_TYPE = typeUrl('envoy.extensions.filters.network.redis_proxy.v3.RedisProtocolOptions')

/** What redis_proxy says to the servers of a cluster, whoever the client is. */
export interface ProtocolOptions {
  readonly 'envoy.filters.network.redis_proxy': {
    readonly '@type': string
    readonly auth_password: DataSource
    readonly auth_username?: DataSource
  }
}

export function protocolOptions({ password, username }: Credentials): ProtocolOptions {
  const user = username === undefined ? {} : { auth_username: username }
  return { 'envoy.filters.network.redis_proxy': { '@type': PROTOCOL_OPTIONS_TYPE, ...user, auth_password: password } }
}
