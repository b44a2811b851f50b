import fc from 'fast-check'
import { conformance } from 'meltemi/testing'
import dubbo from './index.ts'
import { authorizationPolicies } from './random-objects.test-support.ts'

const javaName = fc.constantFrom('org.example.OrderService', 'org.example.StockService', 'org.example.*', '*')

/** Letters that RE2 and Dubbo give a meaning, so that they are met. */
const pattern = fc.oneof(
  fc.record({ exact: fc.constantFrom('create', 'getAll', '') }),
  fc.record({ prefix: fc.constantFrom('get', '') }),
  fc.record({ regex: fc.constantFrom('get.*', '(find|list)[A-Z].*') }),
)

const headers = fc.dictionary(fc.constantFrom('region', 'tester'), fc.oneof(pattern, fc.constant({})), { maxKeys: 2 })

conformance(dubbo, import.meta.dirname, {
  objects: authorizationPolicies,
  meshes: 60,
  annotations: fc.record(
    { interface: javaName, group: fc.constantFrom('blue', 'green'), version: fc.constant('1.0.0') },
    { requiredKeys: [] },
  ),
  match: fc.record({ method: pattern, headers, withoutHeaders: headers, uri: pattern }, { requiredKeys: [] }),
  config: fc.record(
    { inbound: fc.boolean(), maxResponseBytes: fc.constant(8388608), unsupported: fc.constantFrom('error', 'warning') },
    { requiredKeys: [] },
  ),
})
