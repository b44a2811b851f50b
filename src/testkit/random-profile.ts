import fc from 'fast-check'

const host = fc.constantFrom(
  'orders.mesh',
  'users.mesh',
  'orders.shop.svc.cluster.local',
  'stock.bank.svc.cluster.local',
  'missing.mesh',
)
const address = fc.constantFrom('240.240.0.1', '10.96.0.1', '10.96.0.9', 'fd00::1')

/** `spec` of a MeshProfile for the hosts, addresses and namespaces that random meshes have. */
export function profileSpec(port: fc.Arbitrary<number>): fc.Arbitrary<object> {
  return fc.record(
    {
      unsupported: fc.constantFrom('error', 'warning'),
      matchByPort: fc.uniqueArray(port, { maxLength: 2 }),
      rootNamespace: fc.constant('mesh-root'),
      priority: fc.constant(7),
      addresses: fc.dictionary(host, fc.oneof(address, fc.uniqueArray(address, { minLength: 1, maxLength: 2 })), {
        maxKeys: 2,
      }),
      clientScope: fc.constantFrom('*', '.', ['bank'], ['shop', 'bank']),
    },
    { requiredKeys: [] },
  )
}
