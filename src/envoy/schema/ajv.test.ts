import { describe, expect, test } from 'vitest'
import { ajvFor } from '../../../test/envoy-api/ajv.ts'
import { corpus } from '../../../test/envoy-api/corpus.ts'
import { mutate } from '../../../test/envoy-api/mutations.ts'
import { readFullSchema } from '../../../tools/envoy-api/subset.ts'
import { walk } from './walk.ts'

const set = readFullSchema()
const judges = set.minors.map((minor) => ({ minor, ajv: ajvFor(set, minor) }))

function instances(): readonly { readonly definition: string; readonly config: unknown }[] {
  return corpus().flatMap(({ kind, config }, i) => {
    const definition = kind === 'cluster' ? 'envoy.config.cluster.v3.Cluster' : 'any:network-filter'
    const mutants = mutate(config, 150, i + 1)
    // A mutant of a mutant reaches places that one change does not.
    const twice = mutants.slice(0, 10).flatMap((mutant, j) => mutate(mutant.config, 5, 1000 * i + j))
    return [{ config }, ...mutants, ...twice].map((one) => ({ definition, config: one.config }))
  })
}

describe('the walk and ajv', () => {
  test('agree on every minor, on at least 20,000 configs of which neither all are valid nor all invalid', () => {
    const all = instances()
    let valid = 0
    const different: unknown[] = []
    for (const { definition, config } of all) {
      const found = walk(set, definition, config, { path: '', minors: set.minors, range: set.minors, partial: false })
      for (const { minor, ajv } of judges) {
        const ours = !found.some((violation) => violation.minors.includes(minor))
        if (ours) valid++
        const validate = ajv(definition)
        if (validate(config) !== ours) different.push({ minor, config, ours, found, theirs: validate.errors })
      }
    }
    expect(different.slice(0, 3)).toEqual([])
    expect(all.length).toBeGreaterThanOrEqual(20_000)
    expect(valid).toBeGreaterThan(all.length / 20)
    expect(valid).toBeLessThan(all.length * set.minors.length * 0.8)
  }, 120_000)
})
