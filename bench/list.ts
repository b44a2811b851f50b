import { metadata } from './metadata.ts'

/**
 * A ResourceList as kpt writes it, `count` items long: 95 % foreign objects of about 1 kB (Deployments, ConfigMaps, custom
 * resources), 5 % of a Dubbo service each: ServiceEntry, DestinationRule, VirtualService, Deployment.
 */
export function resourceList(count: number): string {
  const items = Array.from({ length: count }, (_, index) => (index % 20 === 0 ? ours(index) : foreign(index)))
  return `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${items.join('')}`
}

function ours(index: number): string {
  const service = Math.floor(index / 80)
  const host = `svc-${service}.dubbo`
  switch ((index / 20) % 4) {
    case 0:
      return `- apiVersion: networking.istio.io/v1
  kind: ServiceEntry
${metadata(`svc-${service}`, 'shop', `se/svc-${service}.yaml`).replace(/\n$/, '')}
      interface: org.example.Service${service}
  spec:
    hosts:
    - ${host}
    addresses:
    - 240.240.${Math.floor(service / 250)}.${(service % 250) + 1}
    ports:
    - number: 20880
      name: tcp-dubbo
      protocol: TCP
    resolution: STATIC
    workloadSelector:
      labels:
        app: svc-${service}
`
    case 1:
      return `- apiVersion: networking.istio.io/v1
  kind: DestinationRule
${metadata(`svc-${service}`, 'shop', `dr/svc-${service}.yaml`)}  spec:
    host: ${host}
    subsets:
    - name: v1
      labels:
        version: v1
    - name: v2
      labels:
        version: v2
`
    case 2:
      return `- apiVersion: networking.istio.io/v1
  kind: VirtualService
${metadata(`svc-${service}`, 'shop', `vs/svc-${service}.yaml`)}  spec:
    hosts:
    - ${host}
    http:
    - match:
      - method:
          prefix: get
      - headers:
          tester:
            exact: "true"
      route:
      - destination:
          host: ${host}
          subset: v2
    - route:
      - destination:
          host: ${host}
          subset: v1
        weight: 90
      - destination:
          host: ${host}
          subset: v2
        weight: 10
`
    default:
      return deployment(`svc-${service}`, 'shop', index)
  }
}

function foreign(index: number): string {
  const name = `app-${index}`
  const namespace = `team-${index % 40}`
  switch (index % 3) {
    case 0:
      return deployment(name, namespace, index)
    case 1:
      return `- apiVersion: v1
  kind: ConfigMap
${metadata(name, namespace, `config/${name}.yaml`)}  data:
    application.properties: |
${lines(18, (line) => `      service.setting.${line} = value ${line} of ${name} # a comment in a text`)}`
    default:
      return `- apiVersion: example.org/v1
  kind: Widget
${metadata(name, namespace, `widgets/${name}.yaml`)}  spec:
    parts:
${lines(12, (line) => `    - {name: part-${line}, size: ${line}, colour: "#00ff0${line % 10}"}`)}`
  }
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('')
}

function deployment(name: string, namespace: string, index: number): string {
  return `- apiVersion: apps/v1
  kind: Deployment # of team ${index % 7}
${metadata(name, namespace, `apps/${name}.yaml`)}  spec:
    replicas: ${index % 5}
    selector:
      matchLabels:
        app: ${name}
    template:
      metadata:
        labels:
          app: ${name}
          version: v${index % 3}
      spec:
        containers:
        - name: main
          image: registry.example.org/team/${name}:1.${index % 9}.0
          args: ["--listen", ":8080", "--name", "${name}"]
          ports:
          - name: http
            containerPort: 8080
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
          env:
          - name: LOG_LEVEL
            value: info
          - name: DATABASE_URL
            value: postgres://db.team.svc.cluster.local:5432/${name}
`
}
