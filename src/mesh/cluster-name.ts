/** istiod's name of an outbound cluster (pilot `BuildSubsetKey`). */
export function outboundCluster(port: number, subset: string | undefined, hostname: string): string {
  return `outbound|${port}|${subset ?? ''}|${hostname}`
}

/** istiod's name of an inbound cluster (pilot `BuildInboundSubsetKey`): the container port, and no host. */
export function inboundCluster(containerPort: number): string {
  return `inbound|${containerPort}||`
}
