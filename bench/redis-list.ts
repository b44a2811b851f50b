import { metadata } from './metadata.ts'

const PREFIXES = 20

/** A ResourceList of `count` Redis services, each with a workload and a RedisService of twenty routes by prefix. */
export function redisList(count: number): string {
  const items = Array.from(
    { length: count },
    (_, index) => `${service(index)}${workload(index)}${routes(index, count)}`,
  )
  return `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${items.join('')}`
}

function service(index: number): string {
  return `- apiVersion: v1
  kind: Service
${metadata(`cache-${index}`, 'shop', `services/cache-${index}.yaml`)}  spec:
    clusterIP: 10.96.${Math.floor(index / 250)}.${(index % 250) + 1}
    selector:
      app: cache-${index}
    ports:
    - name: tcp-redis
      port: 6379
`
}

function workload(index: number): string {
  return `- apiVersion: apps/v1
  kind: StatefulSet
${metadata(`cache-${index}`, 'shop', `workloads/cache-${index}.yaml`)}  spec:
    replicas: 1
    selector:
      matchLabels:
        app: cache-${index}
    template:
      metadata:
        labels:
          app: cache-${index}
      spec:
        containers:
        - name: redis
          image: redis:7
          ports:
          - containerPort: 6379
`
}

function routes(index: number, count: number): string {
  const byPrefix = Array.from(
    { length: PREFIXES },
    (_, prefix) => `    - match:
        key:
          prefix: "tenant-${prefix}:"
          removePrefix: true
      route:
        host: cache-${(index + prefix) % count}
`,
  )
  return `- apiVersion: redis.aeraki.io/v1alpha1
  kind: RedisService
${metadata(`cache-${index}`, 'shop', `routes/cache-${index}.yaml`)}  spec:
    host:
    - cache-${index}
    settings:
      opTimeout: 5s
    redis:
${byPrefix.join('')}    - route:
        host: cache-${index}
`
}
