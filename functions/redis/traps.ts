import {
  below,
  type Diagnostics,
  type L7Port,
  type Listeners,
  type Place,
  resultOf,
  standingWarning,
  warning,
} from 'meltemi'
import type { Declared } from './declared.ts'
import type { RedisServiceSpec } from './kinds.ts'
import type { RedisContext } from './prepared.ts'
import { ownUpstream, type RouteTable } from './routes.ts'
import { spreadOf } from './spread.ts'
import { speaksTls } from './transport-socket.ts'

/** What a route table means to clients, where its author may not have thought of it. */
export function routeRemarks(
  port: L7Port,
  { catchAll }: RouteTable,
  service: Declared<RedisServiceSpec> | undefined,
): Diagnostics {
  if (service === undefined || catchAll !== undefined) return []
  const message = `has no catch-all: other keys of ${port.hostname} are refused (\`no upstream host\`), and so is every command without a key, HELLO, INFO and SCAN among them, by which many clients begin. Add an entry without \`match\``
  return [warning(below(service.place, 'redis'), message)]
}

const SHARDS = 'redis-hashed-shards'
const PASSWORD = 'redis-client-password'
const TRANSPARENT = 'redis-transparent'
const CLUSTER_TLS = 'redis-cluster-tls'
const CLUSTER_CHANGE = 'redis-cluster-change'

/** Traps that no setting of ours removes: said once a render each, until the user has read them. */
export function remarks(listeners: Listeners, context: RedisContext): Diagnostics {
  // A port that is held back stays as it is, and none of this happens to its clients.
  const ports = listeners.outbound
    .flatMap((listener) => listener.ports)
    .filter(({ hostname }) => !context.prepared.broken.has(hostname))
  return [
    ...context.prepared.diagnostics,
    ...transparentRemarks(ports, context),
    ...shardRemarks(ports, context),
    ...passwordRemarks(ports, context),
    ...clusterTlsRemarks(ports, context),
    ...clusterChangeRemarks(ports, context),
  ]
}

/** A port is Redis by its name alone, and what its clients do besides cannot be known: whoever named it so must hear of it. */
function transparentRemarks(ports: readonly L7Port[], context: RedisContext): Diagnostics {
  const transparent = ports.filter((port) => {
    if (isConfigured(port, context)) return false
    const own = resultOf(ownUpstream(port, context))
    return own !== undefined && spreadOf(own, context).kind !== 'scattered'
  })
  const message = (hosts: string) =>
    `clients of ${hosts} go through redis_proxy because of the port's name, and what plain TCP let through is refused to them: AUTH of their own, pub/sub, blocking commands, RESP 3. A server with a password needs a RedisDestination with \`auth\`; a service that needs the rest stays on plain TCP with a port named \`tcp\``
  return standing(TRANSPARENT, transparent, message, context)
}

/** Whether anything but its name says what a port's clients get. */
export function isConfigured(port: L7Port, { prepared }: RedisContext): boolean {
  return prepared.services.has(port.hostname) || port.routes.length > 0 || prepared.destinations.has(port.hostname)
}

function shardRemarks(ports: readonly L7Port[], context: RedisContext): Diagnostics {
  const sharded = ports.filter((port) => {
    const own = resultOf(ownUpstream(port, context))
    return own !== undefined && own.endpoints !== 1 && ['hashed', 'merged'].includes(spreadOf(own, context).kind)
  })
  const message = (hosts: string) =>
    `keys are hashed over the endpoints of ${hosts}: KEYS, SCAN, DBSIZE and FLUSHALL see or clear some of them only, FLUSHALL answers OK all the same, and MULTI is not atomic across them. Keys of one \`{tag}\` stay together with \`enableHashtagging\`. A Redis Cluster (\`mode: CLUSTER\`) has no such limits`
  return standing(SHARDS, sharded, message, context)
}

function passwordRemarks(ports: readonly L7Port[], context: RedisContext): Diagnostics {
  const guarded = ports.filter(
    ({ hostname }) => context.prepared.services.get(hostname)?.spec.settings?.auth !== undefined,
  )
  const message = (hosts: string) =>
    `clients of ${hosts} must say their password with AUTH: redis_proxy answers NOAUTH to \`HELLO 3 AUTH ...\`, and to HELLO before AUTH. ioredis 6 and redis-py 8 need \`protocol: 2\`; node-redis 5 and redis-cli do not`
  return standing(PASSWORD, guarded, message, context)
}

/** Seeds are asked as soon as the cluster is there, and the sidecar's SDS server later; the next discovery has a timer. */
function clusterTlsRemarks(ports: readonly L7Port[], context: RedisContext): Diagnostics {
  const secured = redisClusters(ports, context).filter((port) =>
    speaksTls(resultOf(ownUpstream(port, context))?.policy.tls),
  )
  const message = (hosts: string) =>
    `a sidecar that starts answers \`no upstream host\` for ${hosts} until one \`clusterRefreshRate\` (5s, unless the RedisDestination says otherwise) has passed, ready though it is: Envoy asks a Redis Cluster for its nodes before it has the certificates for it, and then waits that long. Clients must try again; a shorter \`clusterRefreshRate\` shortens it`
  return standing(CLUSTER_TLS, secured, message, context)
}

/** The discovery of a cluster that is gone holds on to itself by its open connection, and its timer finds freed memory. */
function clusterChangeRemarks(ports: readonly L7Port[], context: RedisContext): Diagnostics {
  const message = (hosts: string) =>
    `a sidecar may crash (SIGSEGV) within one \`clusterRefreshRate\` after the Redis Cluster of ${hosts} is changed or taken away while it runs, through a fault of Envoy's. Nodes that close idle connections before the next discovery prevent it: Redis' \`timeout\`, in seconds, well below \`clusterRefreshRate\``
  return standing(CLUSTER_CHANGE, redisClusters(ports, context), message, context)
}

function redisClusters(ports: readonly L7Port[], { prepared }: RedisContext): readonly L7Port[] {
  return ports.filter(
    ({ hostname }) =>
      prepared.destinations.get(hostname)?.spec.trafficPolicy?.connectionPool?.redis?.mode === 'CLUSTER',
  )
}

function standing(
  name: string,
  ports: readonly L7Port[],
  message: (hosts: string) => string,
  { profile }: RedisContext,
): Diagnostics {
  const [first] = ports
  if (first === undefined) return []
  const hosts =
    ports.length <= 5
      ? ports.map(({ hostname, number }) => `${hostname}:${number}`).join(', ')
      : `${first.hostname}:${first.number} and ${ports.length - 1} more`
  const place: Place | undefined = ports.length === 1 ? first.place : undefined
  return standingWarning(name, place, message(hosts), profile)
}
