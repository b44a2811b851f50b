import type { KubernetesObject } from '../../../src/krm/object.ts'

/**
 * Takes Istio's own `istio.alpn` filter out of HTTP chains, which only Istio's build of Envoy has: an HTTP port anywhere
 * in the mesh would make a standard Envoy refuse the listener. Last of all, so that no other filter misses it.
 */
export function withoutIstioAlpn(rootNamespace: string): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'meltemi-view-without-istio-alpn', namespace: rootNamespace },
    spec: {
      priority: 2147483647,
      configPatches: [
        {
          applyTo: 'HTTP_FILTER',
          match: {
            context: 'ANY',
            listener: {
              filterChain: {
                filter: { name: 'envoy.filters.network.http_connection_manager', subFilter: { name: 'istio.alpn' } },
              },
            },
          },
          patch: { operation: 'REMOVE' },
        },
      ],
    },
  }
}
