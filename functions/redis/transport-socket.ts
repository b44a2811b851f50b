import { below, error, fail, type Outcome, ok, type PolicyPart, remark, typeUrl, type Upstream, warning } from 'meltemi'
import type { RedisContext } from './prepared.ts'

const UPSTREAM_TLS_TYPE = typeUrl('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext')

export interface TransportSocket {
  readonly name: 'envoy.transport_sockets.tls'
  readonly typed_config: { readonly '@type': string; readonly [field: string]: unknown }
}

type Fields = Readonly<Record<string, unknown>>

/**
 * TLS to the nodes of a Redis Cluster. Istio's automatic mutual TLS does not reach them: it goes by what istiod says about
 * each endpoint, and these endpoints are discovered by Envoy. So a DestinationRule says it, or nobody does.
 */
export function transportSocket(
  tls: PolicyPart | undefined,
  upstream: Upstream,
  { profile }: RedisContext,
): Outcome<TransportSocket | undefined> {
  if (tls === undefined) return unsaid(upstream, profile.mtls)
  const fields = withNames(Object(tls.value), upstream)
  const at = (name: string) => below(tls.place, name)
  switch (fields.mode) {
    case undefined:
    case null:
    case 'DISABLE':
      return ok(undefined)
    case 'ISTIO_MUTUAL':
      return ok(socket(istioMutual(fields), text(fields.sni) ?? sniOf(upstream)))
    case 'SIMPLE':
    case 'MUTUAL':
      break
    default:
      return fail([error(at('mode'), 'must be DISABLE, SIMPLE, MUTUAL or ISTIO_MUTUAL')])
  }
  if (text(fields.credentialName) !== undefined)
    return fail([
      error(
        at('credentialName'),
        'cannot be carried over to a Redis Cluster: give the files that the sidecar mounts (`caCertificates`, `clientCertificate`, `privateKey`)',
      ),
    ])
  const [certificate, key] = [text(fields.clientCertificate), text(fields.privateKey)]
  if (fields.mode === 'MUTUAL' && (certificate === undefined || key === undefined))
    return fail([error(tls.place, '`mode: MUTUAL` must have `clientCertificate` and `privateKey`')])
  const own =
    fields.mode === 'MUTUAL' ? { tls_certificate_sds_secret_configs: [file(`file-cert:${certificate}~${key}`)] } : {}
  const trusted = fields.insecureSkipVerify === true ? {} : { combined_validation_context: validationContext(fields) }
  return ok(socket({ ...own, ...trusted }, text(fields.sni)))
}

/** istiod takes the names of a ServiceEntry where the DestinationRule has none (pilot, `cluster_tls.go`). */
function withNames(fields: Fields, { subjectAltNames }: Upstream): Fields {
  const own = fields.subjectAltNames
  return Array.isArray(own) && own.length > 0 ? fields : { ...fields, subjectAltNames }
}

/** Whether a DestinationRule has the nodes of a Redis Cluster spoken to by TLS. */
export function speaksTls(tls: PolicyPart | undefined): boolean {
  const { mode }: Fields = Object(tls?.value)
  return mode === 'SIMPLE' || mode === 'MUTUAL' || mode === 'ISTIO_MUTUAL'
}

function unsaid({ hostname, port, portPlace }: Upstream, mtls: string): Outcome<undefined> {
  const isExternal = portPlace.source.ref.kind === 'ServiceEntry'
  if (mtls === 'disable' || isExternal) return ok(undefined)
  const message =
    `${hostname}:${port} is a Redis Cluster, whose nodes Envoy discovers itself: Istio's automatic mutual TLS does not reach them, so sidecars connect in plain text. ` +
    'A DestinationRule with `tls: {mode: ISTIO_MUTUAL}` encrypts; `mode: DISABLE` says that plain text is meant, which the nodes must then accept (PeerAuthentication PERMISSIVE)'
  const say = mtls === 'strict' ? error : warning
  const said = [say(portPlace, message)]
  return mtls === 'strict' ? fail(said) : remark(undefined, said)
}

/** As istiod has it: Envoy's clients would stop at TLS 1.2. */
const TLS_PARAMS = { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' } as const

function socket(context: Fields, sni: string | undefined): TransportSocket {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': UPSTREAM_TLS_TYPE,
      common_tls_context: { tls_params: TLS_PARAMS, ...context },
      ...(sni === undefined ? {} : { sni }),
    },
  }
}

/**
 * As istiod's own: certificate and root from the sidecar's SDS server. Nodes are held to the root, and to a service account
 * only where the DestinationRule names it: istiod takes it from endpoints, which it does not know here.
 */
function istioMutual(fields: Fields): Fields {
  return {
    alpn_protocols: ['istio'],
    tls_certificate_sds_secret_configs: [sds('default')],
    combined_validation_context: {
      default_validation_context: namesOf(fields),
      validation_context_sds_secret_config: sds('ROOTCA'),
    },
  }
}

/** 0s, istiod's own for what its SDS server always has: wait without end. */
function sds(name: string, patience = '0s'): Fields {
  const source = {
    api_type: 'GRPC',
    transport_api_version: 'V3',
    set_node_on_first_message_only: true,
    grpc_services: [{ envoy_grpc: { cluster_name: 'sds-grpc' } }],
  }
  return {
    name,
    sds_config: { api_config_source: source, initial_fetch_timeout: patience, resource_api_version: 'V3' },
  }
}

/** pilot's `BuildDNSSrvSubsetKey`, by which an inbound listener knows Istio's own traffic. */
function sniOf({ hostname, port }: Upstream): string {
  return `outbound_.${port}_._.${hostname}`
}

/**
 * A file by the sidecar's SDS server, under istiod's own name for it: Envoy crashes if `envoy.clusters.redis` is to read a
 * certificate itself and the file is not there. Waiting without end for one would keep every port of the sidecar closed.
 */
function file(name: string): Fields {
  return sds(name, '5s')
}

/** The system's roots where the user names none, as Istio does. */
function validationContext(fields: Fields): Fields {
  return {
    default_validation_context: namesOf(fields),
    validation_context_sds_secret_config: file(`file-root:${text(fields.caCertificates) ?? 'system'}`),
  }
}

/** A name may be of any of these types in a certificate, as it may in istiod's own (deprecated) `match_subject_alt_names`. */
const NAME_TYPES = ['DNS', 'URI', 'EMAIL', 'IP_ADDRESS'] as const

function namesOf({ subjectAltNames }: Fields): Fields {
  const names = Array.isArray(subjectAltNames) ? subjectAltNames.filter((name) => typeof name === 'string') : []
  const matchers = names.flatMap((exact) => NAME_TYPES.map((san_type) => ({ san_type, matcher: { exact } })))
  return matchers.length === 0 ? {} : { match_typed_subject_alt_names: matchers }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
