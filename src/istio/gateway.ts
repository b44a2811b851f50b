import type * as t from 'io-ts'
import { list, optional, struct } from './codec.ts'
import { Metadata } from './metadata.ts'
import { nonEmptyTextList, portNumber, text, textMap } from './scalars.ts'

/** `networking.istio.io` Gateway: https://istio.io/latest/docs/reference/config/networking/gateway/ */
export interface Gateway {
  readonly metadata: Metadata
  readonly spec: GatewaySpec
}

export interface GatewaySpec {
  readonly selector?: Readonly<Record<string, string>>
  readonly servers?: readonly Server[]
}

export interface Server {
  readonly port: GatewayPort
  readonly hosts: readonly string[]
}

export interface GatewayPort {
  readonly number: number
  readonly name?: string
  readonly protocol: string
}

export const Gateway: t.Type<Gateway, unknown> = struct<Gateway>('a Gateway', {
  metadata: Metadata,
  spec: struct<GatewaySpec>('an object', {
    selector: optional(textMap),
    servers: optional(
      list(
        'a list of servers',
        struct<Server>('a server', {
          port: struct<GatewayPort>('an object', { number: portNumber, name: optional(text), protocol: text }),
          hosts: nonEmptyTextList,
        }),
      ),
    ),
  }),
})
