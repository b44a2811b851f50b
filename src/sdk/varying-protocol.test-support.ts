import { readFullSchema } from '../../tools/envoy-api/subset.ts'
import { ok } from '../krm/outcome.ts'
import { defineProtocol, type Protocol } from './protocol.ts'

const TYPE = 'type.googleapis.com/envoy.extensions.filters.network.mongo_proxy.v3.MongoProxy'

/** A protocol that limits the depth of documents (`max_bson_depth`, Envoy 1.39) on releases from `limitFrom` on. */
export function protocolWith(variesByRelease: boolean, limitFrom: string): Protocol {
  return defineProtocol({
    name: 'documents',
    kind: 'Documents',
    summary: 'A test.',
    sharesListeners: false,
    replacesTcpProxy: false,
    supports: [],
    variesByRelease,
    envoySchema: JSON.stringify(readFullSchema()),
    outbound: (_, { profile }) => {
      const [oldest = ''] = profile.istioVersions
      const limit = oldest >= limitFrom ? { max_bson_depth: 50 } : {}
      const typed_config = { '@type': TYPE, stat_prefix: 'x', ...limit }
      const filter = { name: 'envoy.filters.network.mongo_proxy', typed_config }
      return ok({ filters: [{ place: 'before', filter }], clusters: [], rows: () => [] })
    },
  })
}

/** A service that speaks it. */
export const documents = `apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: v1
  kind: Service
  metadata: {name: db, namespace: shop}
  spec:
    clusterIP: 10.96.0.16
    selector: {app: db}
    ports: [{name: tcp-documents, port: 27017}]
`
