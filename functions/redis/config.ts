/** Redis' own fields of `functionConfig.spec`; `config.schema.json` says what each means. */
export interface RedisConfig {
  readonly inbound?: boolean
  readonly opTimeout?: string
  readonly sharding?: 'maglev' | 'ringHash'
  readonly secrets?: 'file' | 'environment' | 'inline'
  readonly secretsDirectory?: string
}

export const DEFAULT_SECRETS_DIRECTORY = '/etc/meltemi/redis'
