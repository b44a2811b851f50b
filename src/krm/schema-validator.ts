/** One violation that a compiled JSON Schema finds, in ajv's shape (`verbose`). */
export interface SchemaError {
  /** A JSON pointer into the value. */
  readonly instancePath: string
  readonly keyword: string
  readonly message?: string
  readonly params: Readonly<Record<string, unknown>>
  /** The value at `instancePath`. */
  readonly data?: unknown
  /** The schema that the value at `instancePath` broke. */
  readonly parentSchema?: Readonly<Record<string, unknown>>
}

/** A JSON Schema compiled ahead of time by ajv (`npm run generate`); `errors` holds all that the last call found. */
export interface SchemaValidator {
  (value: unknown): boolean
  readonly errors?: readonly SchemaError[] | null
}
