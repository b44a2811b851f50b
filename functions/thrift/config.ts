import type { Settings } from './settings.ts'

/** Thrift's own fields of `functionConfig.spec`; `config.schema.json` says what each means. */
export interface ThriftConfig extends Settings {
  readonly inbound?: boolean
  readonly services?: readonly ServiceSettings[]
}

/** Settings of one host, or of one of its ports. */
export interface ServiceSettings extends Settings {
  readonly host: string
  readonly port?: number
}
