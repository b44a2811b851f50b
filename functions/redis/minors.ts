import { error, fail, isOlder, type MeshProfile, type Outcome, ok, type Place } from 'meltemi'

/** Envoy 1.38 is Istio 1.30's. */
const ISTIO_OF_ENVOY_1_38 = '1.30'

/** Whether every proxy of the mesh is new enough: an older one would pass a field over that it does not know. */
export function since138(what: string, place: Place, { istioVersions }: MeshProfile): Outcome<undefined> {
  const [oldest = ISTIO_OF_ENVOY_1_38] = istioVersions
  if (!isOlder(oldest, ISTIO_OF_ENVOY_1_38)) return ok(undefined)
  const message = `${what} needs Envoy 1.38, the proxy of Istio ${ISTIO_OF_ENVOY_1_38}, and \`istio.versions\` of the MeshProfile begin with ${oldest}`
  return fail([error(place, message)])
}
