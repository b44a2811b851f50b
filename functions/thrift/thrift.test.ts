import fc from 'fast-check'
import { conformance } from 'meltemi/testing'
import thrift from './index.ts'
import { rateLimitObjects } from './random-objects.test-support.ts'

/** With what Thrift can and cannot say. */
const method = fc.oneof(
  fc.record({ exact: fc.constantFrom('add', 'Calculator:add', '') }),
  fc.record({ prefix: fc.constantFrom('get', 'Calculator:', '') }),
  fc.record({ regex: fc.constantFrom('.*', '(get|set).*') }),
)

const value = fc.oneof(
  fc.record({ exact: fc.constantFrom('yes', '') }),
  fc.record({ prefix: fc.constantFrom('eu-', '') }),
  fc.constant({}),
)

const headers = fc.dictionary(fc.constantFrom('x-canary', 'region'), value, { maxKeys: 2 })

conformance(thrift, import.meta.dirname, {
  objects: rateLimitObjects,
  meshes: 60,
  annotations: fc.record(
    {
      'thrift.meltemi.dev/transport': fc.constantFrom('FRAMED', 'HEADER', 'framed'),
      'thrift.meltemi.dev/payload-passthrough': fc.constantFrom('true', 'false'),
      'thrift.meltemi.dev/upstream-protocol': fc.constantFrom('COMPACT', 'AUTO'),
    },
    { requiredKeys: [] },
  ),
  match: fc.record({ method, headers, withoutHeaders: headers, uri: method }, { requiredKeys: [] }),
  config: fc.record(
    {
      inbound: fc.boolean(),
      accessLog: fc.boolean(),
      transport: fc.constantFrom('AUTO', 'UNFRAMED'),
      unsupported: fc.constantFrom('error', 'warning'),
      services: fc.constant([{ host: 'orders.mesh', maxRequestsPerConnection: 7 }]),
    },
    { requiredKeys: [] },
  ),
})
