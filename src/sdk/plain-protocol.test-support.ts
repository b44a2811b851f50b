import { defineProtocol, type Protocol } from './protocol.ts'

/** A protocol for lists in which no port is of it: the machinery around protocols is what is tested. */
export const plainProtocol: Protocol = defineProtocol({
  name: 'plain',
  kind: 'Plain',
  summary: 'Does nothing.',
  sharesListeners: false,
  replacesTcpProxy: true,
  supports: [],
  schemas: {},
  outbound: () => {
    throw new Error('no port is of this protocol')
  },
})
