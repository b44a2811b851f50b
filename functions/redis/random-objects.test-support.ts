import fc from 'fast-check'

/** Part of every password: no result, message or route may hold it. */
export const CANARY = 'canary'

const host = fc.constantFrom(
  'orders.mesh',
  'stock.mesh',
  'users.mesh',
  'orders',
  'orders.shop.svc.cluster.local',
  'missing.mesh',
)
const port = fc.constantFrom(0, 6379, 20880)
const target = fc.record({ host, port, subset: fc.constantFrom('v1', 'v2') }, { requiredKeys: ['host'] })
const percentage = fc.record({ value: fc.constantFrom(0, 1, 12.5, 40) }, { requiredKeys: [] })
/** Mostly what is right: an object with a fault says nothing else. */
function mostly<A, B>(right: fc.Arbitrary<A>, wrong: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: wrong })
}

const time = mostly(fc.constantFrom('1s', '250ms', '1m'), fc.constantFrom('0s', 'soon'))
const secret = fc.record(
  {
    name: fc.constantFrom('passwords', 'absent'),
    passwordField: fc.constantFrom('password', 'other'),
    usernameField: fc.constant('user'),
  },
  { requiredKeys: ['name'] },
)
const plain = fc.record(
  { password: fc.constant(`${CANARY}-plain`), username: fc.constant(`${CANARY}-user`) },
  { requiredKeys: ['password'] },
)
const auth = mostly(
  fc.oneof(fc.record({ plain }), fc.record({ secret })),
  fc.oneof(fc.record({ plain, secret }), fc.constant({}), fc.constant(`${CANARY}-misplaced`)),
)

const route = fc.record(
  {
    match: fc.record({
      key: fc.record(
        { prefix: fc.constantFrom('', 'a:', 'A:', 'b:'), removePrefix: fc.boolean() },
        { requiredKeys: [] },
      ),
    }),
    route: target,
    mirror: fc.array(
      fc.record({ route: target, percentage, excludeReadCommands: fc.boolean() }, { requiredKeys: ['route'] }),
      { maxLength: 2 },
    ),
    keyFormatter: mostly(fc.constant('x:%KEY%'), fc.constant('50%')),
    readRoute: target,
  },
  { requiredKeys: ['route'] },
)

const settings = fc.record(
  {
    auth,
    caseInsensitive: fc.boolean(),
    opTimeout: time,
    enableHashtagging: fc.boolean(),
    enableRedirection: fc.boolean(),
    redirectToHostnames: fc.boolean(),
    readPolicy: mostly(fc.constantFrom('MASTER', 'REPLICA'), fc.constant('LOCAL_ZONE_AFFINITY')),
    connectionRateLimit: mostly(fc.constant(20), fc.constant(0)),
    maxUpstreamUnknownConnections: fc.constant(null),
  },
  { requiredKeys: [] },
)

const fault = fc.record(
  { type: fc.constantFrom('DELAY', 'ERROR'), percentage, delay: time, commands: fc.subarray(['GET', 'set']) },
  { requiredKeys: [] },
)

const redisService = fc.record(
  {
    host: fc.uniqueArray(host, { minLength: 1, maxLength: 2 }),
    settings,
    redis: fc.array(route, { maxLength: 3 }),
    faults: fc.array(fault, { maxLength: 2 }),
  },
  { requiredKeys: ['host'] },
)

const redis = fc.record(
  {
    mode: fc.constantFrom('PROXY', 'CLUSTER'),
    auth,
    discoveryEndpoints: mostly(fc.subarray(['10.0.0.1:7000', 'redis-0', '[fd00::1]:7000']), fc.constant(['bad:port'])),
    clusterRefreshRate: time,
    enableZoneDiscovery: mostly(fc.constant(false), fc.constant(true)),
  },
  { requiredKeys: [] },
)

const redisDestination = fc.record(
  {
    host,
    trafficPolicy: fc.record(
      {
        connectionPool: fc.record(
          {
            redis,
            tcp: fc.record(
              {
                connectTimeout: time,
                maxConnections: fc.constant(7),
                tcpKeepalive: fc.record({ time, probes: fc.constant(3) }),
              },
              { requiredKeys: [] },
            ),
          },
          { requiredKeys: [] },
        ),
        loadBalancer: fc.constantFrom(
          { maglev: {} },
          { maglev: { tableSize: 9 } },
          { ringHash: { minimumRingSize: 64 } },
        ),
        healthCheck: fc.constantFrom({}, { interval: '5s', key: 'maintenance' }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['host'] },
)

const metadata = fc.record({ name: fc.constantFrom('orders', 'stock'), namespace: fc.constantFrom('shop', 'bank') })
const aeraki = 'redis.aeraki.io/v1alpha1'

/** RedisServices, RedisDestinations and Secrets that fit, and that do not. */
export const redisObjects = fc.oneof(
  fc.record({ apiVersion: fc.constant(aeraki), kind: fc.constant('RedisService'), metadata, spec: redisService }),
  fc.record({
    apiVersion: fc.constant(aeraki),
    kind: fc.constant('RedisDestination'),
    metadata,
    spec: redisDestination,
  }),
  fc.record({
    apiVersion: fc.constant('v1'),
    kind: fc.constant('Secret'),
    metadata: fc.record({ name: fc.constant('passwords'), namespace: fc.constantFrom('shop', 'bank') }),
    stringData: fc.constantFrom(
      { password: `${CANARY}-listed` },
      { password: `${CANARY}-newline\n` },
      { token: `${CANARY}-token` },
    ),
  }),
)

/** Lists in which what is said is about a service that is there, with or without an address, in one namespace or two. */
export const focusedLists = fc
  .record({
    destination: redisDestination,
    service: redisService,
    clusterIP: fc.constantFrom('10.96.0.1', 'None'),
    mode: fc.constantFrom('PROXY', 'CLUSTER'),
    exportTo: fc.constantFrom('*', '.', 'shop,bank'),
    subsets: fc.subarray(['v1', 'v2']),
    tls: fc.constantFrom(
      {},
      { tls: { mode: 'SIMPLE', subjectAltNames: ['orders.example'] } },
      { tls: { mode: 'SIMPLE', caCertificates: '/etc/certs/ca.pem' } },
      { tls: { mode: 'MUTUAL', clientCertificate: '/etc/certs/cert.pem', privateKey: '/etc/certs/key.pem' } },
    ),
    spec: fc.record({ inbound: fc.boolean(), unsupported: fc.constant('warning') }, { requiredKeys: [] }),
  })
  .map(({ destination, service, clusterIP, mode, exportTo, subsets, tls, spec }) => {
    const pool = destination.trafficPolicy?.connectionPool
    const trafficPolicy = { ...destination.trafficPolicy, connectionPool: { ...pool, redis: { ...pool?.redis, mode } } }
    const named = (name: string) => ({ name, namespace: 'shop' })
    const annotations = { 'networking.istio.io/exportTo': exportTo }
    const items = [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { ...named('orders'), annotations },
        spec: { clusterIP, selector: { app: 'orders' }, ports: [{ name: 'tcp-redis', port: 6379 }] },
      },
      { apiVersion: aeraki, kind: 'RedisService', metadata: named('orders'), spec: { ...service, host: ['orders'] } },
      {
        apiVersion: aeraki,
        kind: 'RedisDestination',
        metadata: named('orders'),
        spec: { ...destination, host: 'orders', trafficPolicy },
      },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: named('orders'),
        spec: {
          host: 'orders',
          trafficPolicy: tls,
          subsets: subsets.map((name) => ({ name, labels: { version: name } })),
        },
      },
    ]
    const functionConfig = { apiVersion: 'meltemi.dev/v1alpha1', kind: 'Redis', metadata: { name: 'redis' }, spec }
    return JSON.stringify({ apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items, functionConfig })
  })
