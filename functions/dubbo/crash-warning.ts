import {
  at,
  compare,
  type Diagnostics,
  describe,
  type KubernetesObject,
  type MeshProfile,
  type Sourced,
  standingWarning,
} from 'meltemi'

const NAME = 'dubbo-proxy-crash'
const DENIED = 'dubbo-denied-caller-crash'

/** Every Envoy tested so far (1.36 to 1.40) has it, and no issue upstream knows of it, so users must hear it from us. */
export function crashWarning(profile: MeshProfile): Diagnostics {
  const message =
    "Envoy's dubbo_proxy can abort the whole sidecar: when a provider's connection closes while a call is in flight (kill -9, node loss), the caller's " +
    'sidecar dies as soon as that caller closes its own connection. A graceful shutdown of the provider avoids it (a preStop hook, `dubbo.service.shutdown.wait`)'
  return standingWarning(NAME, undefined, message, profile)
}

/**
 * A refused connection is one that closes in the middle of a call: seen on Envoy 1.37, 1.38 and 1.39, with and without mutual
 * TLS. Istio's own AuthorizationPolicy refuses in the same way.
 */
export function deniedCallerWarning(policies: readonly Sourced<KubernetesObject>[], profile: MeshProfile): Diagnostics {
  const [first] = policies.toSorted((a, b) => compare(describe(a.source.ref), describe(b.source.ref)))
  if (first === undefined) return []
  const message =
    "refuses a caller by closing its connection while its call is in flight, which is what aborts the caller's own sidecar (see the " +
    "dubbo_proxy crash): a caller that this denies keeps losing its sidecar as long as it tries. Narrow the provider's `exportTo` too, so that " +
    'callers who may not call get no filter'
  return standingWarning(DENIED, at(first.source, 'spec'), message, profile)
}
