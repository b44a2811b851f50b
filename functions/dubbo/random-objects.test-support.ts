import fc from 'fast-check'

const source = fc.constantFrom(
  { namespaces: ['web'] },
  { principals: ['cluster.local/ns/web/sa/cart'] },
  { notNamespaces: ['guests'] },
  { principals: ['spiffe://cluster.local/ns/web/sa/cart'] },
  {},
)

const rule = fc.record(
  {
    from: fc.array(fc.record({ source }), { minLength: 1, maxLength: 2 }),
    to: fc.constant([{ operation: { methods: ['get'] } }]),
  },
  { requiredKeys: [] },
)

/** DubboAuthorizationPolicies that are and are not as they should be. */
export const authorizationPolicies = fc
  .record({
    metadata: fc.record(
      {
        name: fc.constantFrom('one', 'two'),
        namespace: fc.constantFrom('shop', 'bank'),
        labels: fc.constant({ team: 7 }),
      },
      { requiredKeys: ['name', 'namespace'] },
    ),
    spec: fc.record(
      { action: fc.constantFrom('ALLOW', 'DENY', 'AUDIT'), rules: fc.array(rule, { maxLength: 2 }) },
      { requiredKeys: [] },
    ),
  })
  .map((fields) => ({ apiVersion: 'dubbo.aeraki.io/v1alpha1', kind: 'DubboAuthorizationPolicy', ...fields }))
