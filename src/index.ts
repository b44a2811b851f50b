/** The SDK: what a protocol is written with, inside this repository and outside it. */
export { protoDuration } from './envoy/duration.ts'
export {
  ANY_STRING,
  type HeaderMatcher,
  headerMatcher,
  type StringMatcher,
  stringMatcher,
  withoutHeaderMatcher,
} from './envoy/matchers.ts'
export { FINEST_PERCENTAGE, type RuntimeFractionalPercent, runtimeFraction } from './envoy/percentage.ts'
export { isOlder } from './envoy/schema/minors.ts'
export { typeUrl } from './envoy/schema/schema.ts'
export { statPrefix } from './envoy/stat-prefix.ts'
export type { NetworkFilter, TypedConfig } from './envoy/typed-config.ts'
export { type ClusterSpecifier, clusterSpecifier, type WeightedCluster } from './envoy/weighted-clusters.ts'
export type { ClusterChange, ExtensionConfig, Placement, Plan, RouteRow } from './envoyfilter/filter-plan.ts'
export { labelName } from './envoyfilter/name.ts'
export { namespaceOf } from './istio/metadata.ts'
export { namespaceIn } from './istio/namespace-in.ts'
export { compare } from './krm/compare.ts'
export { type Diagnostic, type Diagnostics, error, info, type Severity, warning } from './krm/diagnostic.ts'
export { groupBy } from './krm/group.ts'
export {
  at,
  below,
  describe,
  type KubernetesObject,
  type ObjectRef,
  type Place,
  type Source,
  type Sourced,
} from './krm/object.ts'
export {
  all,
  chain,
  collect,
  diagnosticsOf,
  fail,
  map,
  type Outcome,
  ok,
  remark,
  resultOf,
  say,
} from './krm/outcome.ts'
export type { Refused } from './krm/resource-list.ts'
export { schemaDiagnostics, unknownField } from './krm/schema-diagnostics.ts'
export type { SchemaError, SchemaValidator } from './krm/schema-validator.ts'
export { suggest } from './krm/suggest.ts'
export { isCatchAll, takesEveryCall } from './mesh/catch-all.ts'
export { describeDestinations, describeString, describeTarget } from './mesh/describe-route.ts'
export { expandHost } from './mesh/hostname.ts'
export type {
  Destination,
  Feature,
  HeaderMatch,
  InboundListener,
  L7Port,
  ListenerMatch,
  Mirror,
  OutboundListener,
  Route,
  RouteMatch,
  StringMatch,
  Subset,
  Target,
} from './mesh/l7-port.ts'
export { hostFinder } from './mesh/near.ts'
export { portKey } from './mesh/port-key.ts'
export type { MeshProfile } from './mesh/profile.ts'
export type { Reference, Resolve } from './mesh/resolve.ts'
export type { PolicyPart, PolicyParts } from './mesh/traffic-policy.ts'
export type { Discovery, Upstream } from './mesh/upstream.ts'
export { describeInError, heldBack, staysPlain, staysUnfiltered } from './sdk/held-back.ts'
export { type Context, defineProtocol, type Listeners, type OwnKind, type Protocol } from './sdk/protocol.ts'
export { run } from './sdk/run.ts'
export { standingWarning } from './sdk/standing-warning.ts'
