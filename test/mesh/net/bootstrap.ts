import type { SidecarOptions } from './sidecar.ts'

const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions'

/** The bootstrap that Istio's agent writes, as far as it matters here; control is on Unix sockets, traffic on the network. */
export function bootstrap({ proxy, ads, sds, serviceAccount }: SidecarOptions, adminSocket: string): object {
  const source = { ads: {}, resource_api_version: 'V3' }
  return {
    node: {
      id: `${proxy.type}~${proxy.address}~${proxy.id}~${proxy.namespace}.svc.cluster.local`,
      cluster: proxy.id,
      metadata: {
        NAMESPACE: proxy.namespace,
        SERVICE_ACCOUNT: serviceAccount,
        ISTIO_VERSION: proxy.istioVersion,
        CLUSTER_ID: 'Kubernetes',
        INSTANCE_IPS: proxy.address,
        LABELS: proxy.labels,
        INTERCEPTION_MODE: 'REDIRECT',
      },
    },
    dynamic_resources: {
      ads_config: {
        api_type: 'GRPC',
        transport_api_version: 'V3',
        grpc_services: [{ envoy_grpc: { cluster_name: 'xds-grpc' } }],
      },
      lds_config: source,
      cds_config: source,
    },
    static_resources: { clusters: [grpcCluster('xds-grpc', ads), grpcCluster('sds-grpc', sds)] },
    admin: { address: { pipe: { path: adminSocket } } },
  }
}

function grpcCluster(name: string, path: string): object {
  const http2 = {
    '@type': `type.googleapis.com/${HTTP_OPTIONS}`,
    explicit_http_config: { http2_protocol_options: {} },
  }
  return {
    name,
    type: 'STATIC',
    connect_timeout: '5s',
    typed_extension_protocol_options: { [HTTP_OPTIONS]: http2 },
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path } } } }] }],
    },
  }
}
