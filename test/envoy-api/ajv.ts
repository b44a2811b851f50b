import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { DurationBounds, Oneof, SchemaSet } from '../../src/envoy/schema/schema.ts'
import { projection } from '../../tools/envoy-api/projection.ts'

/** ajv's verdict on definitions of the schema for one minor: the judge that the walk must agree with. */
export function ajvFor(set: SchemaSet, minor: string): (definition: string) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: true, validateFormats: false })
  ajv.addKeyword({ keyword: 'refused', validate: () => false })
  ajv.addKeyword({ keyword: 'oneofs', type: 'object', validate: oneofs })
  ajv.addKeyword({
    keyword: 'maxBytes',
    type: 'string',
    validate: (most: number, text: string) => Buffer.byteLength(text) <= most,
  })
  ajv.addKeyword({ keyword: 'duration', type: 'string', validate: duration })
  ajv.addSchema({ $id: 'envoy', $defs: projection(set, minor) })
  return (definition) => {
    const validate = ajv.getSchema(`envoy#/$defs/${definition}`)
    if (validate === undefined) throw new Error(`no definition ${definition}`)
    return validate as ValidateFunction
  }
}

function oneofs(list: readonly Oneof[], value: object): boolean {
  return list.every(({ fields, required }) => {
    const count = fields.filter((field) => Object.hasOwn(value, field)).length
    return count <= 1 && (count === 1 || required !== true)
  })
}

// Written apart from `isWithin` on purpose: a judge that shares the code under test judges nothing.
function duration({ gt, gte, lt, lte }: DurationBounds, text: string): boolean {
  if (!/^\d+(\.\d+)?s$/.test(text)) return true
  const value = Number.parseFloat(text)
  if (gt !== undefined && !(value > gt)) return false
  if (gte !== undefined && !(value >= gte)) return false
  if (lt !== undefined && !(value < lt)) return false
  return lte === undefined || value <= lte
}
