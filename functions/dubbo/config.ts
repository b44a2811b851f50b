/** Dubbo's own fields of `functionConfig.spec`; `config.schema.json` says what each means. */
export interface DubboConfig {
  readonly inbound?: boolean
  readonly maxResponseBytes?: number
}
