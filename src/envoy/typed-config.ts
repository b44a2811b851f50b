/** Envoy's `Any` in JSON: the message's type beside its fields. istiod checks it; a `TypedStruct` it would not. */
export interface TypedConfig {
  readonly '@type': string
  readonly [field: string]: unknown
}

/** Envoy's `listener.v3.Filter`: field names are Envoy's own, letter for letter. */
export interface NetworkFilter {
  readonly name: string
  readonly typed_config: TypedConfig
}
