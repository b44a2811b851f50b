import type { KubernetesObject } from '../../../src/krm/object.ts'
import type { AskedPort } from './asked-ports.ts'
import { runningPod, withSidecar } from './pods.ts'

export const OTHER_TEAM = 'other-team'

export interface Neighbours {
  readonly services: readonly KubernetesObject[]
  readonly pods: readonly KubernetesObject[]
}

/**
 * A Service of another team on each port number that is asked for, as every real cluster has: a filter that catches it
 * breaks what it does not own. None on the numbers for which the user vouches that the list is complete.
 */
export function neighbours(
  asked: readonly AskedPort[],
  vouched: readonly number[],
  allocateVip: () => string,
  allocatePod: () => string,
): Neighbours {
  const numbers = [...new Set(asked.map(({ number }) => number))].filter((number) => !vouched.includes(number))
  if (numbers.length === 0) return { services: [], pods: [] }
  const ports = numbers.map((number) => ({ name: `tcp-${number}`, port: number, targetPort: number, protocol: 'TCP' }))
  const labels = { app: 'neighbour' }
  const service: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'neighbour', namespace: OTHER_TEAM },
    spec: { clusterIP: allocateVip(), selector: labels, ports },
  }
  const pod = runningPod({
    name: 'neighbour-0',
    namespace: OTHER_TEAM,
    labels: withSidecar(labels),
    address: allocatePod(),
    containers: [{ name: 'app', ports: numbers.map((containerPort) => ({ containerPort })) }],
    serviceAccount: 'default',
  })
  return { services: [service], pods: [pod] }
}
