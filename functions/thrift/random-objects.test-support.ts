import fc from 'fast-check'

const method = fc.constant({ method: {} })
const entry = fc.oneof(
  method,
  fc.constantFrom({ service: { name: 'Calculator' } }, { service: { name: 'Weather' } }),
  fc.record({ header: fc.record({ name: fc.constantFrom('x-user', 'region') }) }),
  fc.constantFrom({ remoteAddress: {} }, { value: 'free' }, {}, { remoteAddressMatch: {} }),
)

const calls = fc.record(
  {
    domain: fc.constant('mesh'),
    service: fc.constantFrom({ host: 'limits.mesh', port: 8081 }, { host: 'limits.mesh' }, { host: 'orders.mesh' }),
    failureMode: fc.constantFrom('allow', 'deny'),
    timeout: fc.constantFrom('50ms', 'soon'),
    descriptors: fc.array(fc.record({ entries: fc.array(entry, { maxLength: 3 }) }), { maxLength: 3 }),
  },
  { requiredKeys: ['domain', 'service', 'failureMode', 'descriptors'] },
)

const connections = fc.record(
  { burst: fc.constantFrom(1, 100), refill: fc.constant(3), interval: fc.constantFrom('1s', '1ms') },
  { requiredKeys: ['burst', 'interval'] },
)

const rateLimit = fc
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
      {
        host: fc.constantFrom<string | number>('orders.mesh', 'stock.mesh', 'orders', 'missing.mesh', 7),
        port: fc.constantFrom(20880, 20881),
        connections,
        calls,
      },
      { requiredKeys: ['host'] },
    ),
  })
  .map((fields) => ({ apiVersion: 'meltemi.dev/v1alpha1', kind: 'ThriftRateLimit', ...fields }))

const rateLimitService = fc.constant({
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  metadata: { name: 'limits', namespace: 'shop' },
  spec: {
    hosts: ['limits.mesh'],
    addresses: ['240.240.0.80'],
    resolution: 'DNS',
    ports: [{ number: 8081, name: 'limits', protocol: 'GRPC' }],
  },
})

/** ThriftRateLimits that are and are not as they should be, and the service they ask. */
export const rateLimitObjects = fc.oneof(
  { weight: 3, arbitrary: rateLimit },
  { weight: 2, arbitrary: rateLimitService },
)
