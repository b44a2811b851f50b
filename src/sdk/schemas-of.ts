import validateEnvoyFilter from '../../schemas/generated/envoy-filter.js'
import { envoyMinors, readSchema } from '../envoy/schema/index.ts'
import type { Schemas } from '../envoyfilter/validate.ts'
import type { IstioMinor } from '../mesh/profile.ts'
import type { Protocol } from './protocol.ts'

/** What a protocol's output is held against, on the proxies of these Istio releases. */
export function schemasOf<Config>(
  { envoySchema, schemas }: Pick<Protocol<Config>, 'envoySchema' | 'schemas'>,
  istioVersions: readonly IstioMinor[],
): Schemas {
  return {
    envoyFilter: validateEnvoyFilter,
    minors: envoyMinors(istioVersions),
    ...(schemas === undefined ? {} : { own: schemas }),
    ...(envoySchema === undefined ? {} : { envoy: readSchema(envoySchema) }),
  }
}
