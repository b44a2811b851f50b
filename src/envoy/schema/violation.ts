import type { Scalar } from '../../krm/diagnostic.ts'
import { type EnvoyMinor, istioOf } from './minors.ts'

/** What a violation breaks: a keyword of the schema, a rule of Envoy's C++ code (`rules/`), or RE2's syntax. */
export type Broken =
  | 'unknown-field'
  | 'since'
  | 'refused'
  | 'required'
  | 'oneof'
  | 'type'
  | 'value'
  | 'range'
  | 'length'
  | 'duration'
  | 'any-type'
  | 'regex'
  | `envoy:${string}`

/** A config that some Envoy refuses or misreads: where, why, on which minors, and what would be right. */
export interface Violation {
  /** JSON path in the config that was checked, `route_config[0].routes[0].match`; empty for the config itself. */
  readonly path: string
  readonly rule: Broken
  readonly message: string
  /** The minors asked for on which it fails, oldest first. */
  readonly minors: readonly EnvoyMinor[]
  readonly proposed?: Scalar
}

/** `Envoy 1.39 (Istio 1.31)`. */
export function release(envoy: EnvoyMinor): string {
  const istio = istioOf(envoy)
  return istio === undefined ? `Envoy ${envoy}` : `Envoy ${envoy} (Istio ${istio})`
}

/** Says that a thing came with a minor later than the first of those that the config is for. */
export function needs(what: string, since: EnvoyMinor, range: readonly EnvoyMinor[]): string {
  const oldest = range[0] ?? since
  const istio = istioOf(oldest)
  return `${what} needs ${release(since)}; your range starts at ${istio === undefined ? `Envoy ${oldest}` : `Istio ${istio}`}`
}

/**
 * A violation as one sentence about a config that is for `range`: the path, what must hold, what to write, and the
 * releases that it fails on where these are not all.
 */
export function explain({ path, rule, message, minors, proposed }: Violation, range: readonly EnvoyMinor[]): string {
  const place = path === '' ? 'the config' : `\`${path}\``
  const link = /^(must|the key|is) /.test(message) ? ' ' : ': '
  const isSaid = proposed !== undefined && message.includes(`\`${proposed}\``)
  const write = proposed === undefined || isSaid ? '' : `; write ${JSON.stringify(proposed)}`
  const partly = rule !== 'since' && minors.length < range.length
  return `${place}${link}${message}${write}${partly ? ` (on ${minors.map(release).join(', ')})` : ''}`
}
