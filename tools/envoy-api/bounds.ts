import type { SchemaObject } from '../../src/envoy/schema/schema.ts'

/** What a value must be, in signs that a table has room for: `≥ 1`, `> 0s`, `items ≤ 10`. */
export function bounds(schema: SchemaObject): readonly string[] {
  const { gt, gte, lt, lte } = schema.duration ?? {}
  // The range of the type itself says nothing.
  const lowest =
    schema.minimum === undefined || [0, -(2 ** 31), -(2 ** 53 - 1)].includes(schema.minimum)
      ? undefined
      : schema.minimum
  const highest = [2 ** 32 - 1, 2 ** 31 - 1, 2 ** 53 - 1].includes(schema.maximum ?? 0) ? undefined : schema.maximum
  const sides: readonly (readonly [string, number | undefined, string])[] = [
    ['>', schema.exclusiveMinimum, ''],
    ['≥', lowest, ''],
    ['<', schema.exclusiveMaximum, ''],
    ['≤', highest, ''],
    ['>', gt, 's'],
    ['≥', gte, 's'],
    ['<', lt, 's'],
    ['≤', lte, 's'],
    ['characters ≥', schema.minLength, ''],
    ['characters ≤', schema.maxLength, ''],
    ['bytes ≤', schema.maxBytes, ''],
    ['items ≥', schema.minItems, ''],
    ['items ≤', schema.maxItems, ''],
    ['entries ≥', schema.minProperties, ''],
  ]
  const texts = sides.flatMap(([sign, bound, unit]) => (bound === undefined ? [] : [`${sign} ${bound}${unit}`]))
  return [...texts, ...(schema.const === undefined ? [] : [`be ${schema.const}`])]
}
