import { describe, expect, test } from 'vitest'
import { walk } from '../../src/envoy/schema/walk.ts'
import { joinPath } from '../../src/krm/object.ts'
import { readFullSchema } from '../../tools/envoy-api/subset.ts'
import { ajvFor } from './ajv.ts'
import { corpus } from './corpus.ts'
import { mutate, seedOf } from './mutations.ts'

const set = readFullSchema()
const judges = set.minors.map((minor) => ({ minor, ajv: ajvFor(set, minor) }))

function instances(): readonly { readonly definition: string; readonly config: unknown }[] {
  return corpus().flatMap(({ name, kind, config }) => {
    const definition = kind === 'cluster' ? 'envoy.config.cluster.v3.Cluster' : 'any:network-filter'
    const mutants = mutate(config, 65, seedOf(name))
    // A mutant of a mutant reaches places that one change does not.
    const twice = mutants.slice(0, 10).flatMap((mutant, j) => mutate(mutant.config, 5, seedOf(name) + j + 1))
    return [{ config }, ...mutants, ...twice].map((one) => ({ definition, config: one.config }))
  })
}

/** ajv's JSON pointer as the path that violations have. */
function jsonPath(pointer: string): string {
  const steps = pointer.split('/').slice(1)
  return steps
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<string>((path, step) => joinPath(path, /^(0|[1-9][0-9]*)$/.test(step) ? Number(step) : step), '')
}

/** A JSON pointer does not tell the key "0" of a map from an index. */
function numbered(path: string): string {
  return path.replaceAll(/\["([0-9]+)"\]/g, '[$1]')
}

/** Where ajv sees a field too many or a wrong type: at the object that has it. */
function parent(path: string): string {
  return path.replace(/(?:\["(?:[^"\\]|\\.)*"\]|\[[0-9]+\]|\.?[A-Za-z_$][\w$-]*)$/, '')
}

describe('the walk and ajv', () => {
  test('agree on every minor, in verdict and in place, on at least 20,000 configs of which neither all are valid nor all invalid', () => {
    const all = instances()
    let valid = 0
    const different: unknown[] = []
    const misplaced: unknown[] = []
    for (const { definition, config } of all) {
      const found = walk(set, definition, config, { path: '', minors: set.minors, range: set.minors, partial: false })
      for (const { minor, ajv } of judges) {
        const ours = !found.some((violation) => violation.minors.includes(minor))
        if (ours) valid++
        const validate = ajv(definition)
        if (validate(config) !== ours) different.push({ minor, config, ours, found, theirs: validate.errors })
        const theirs = new Set((validate.errors ?? []).map(({ instancePath }) => jsonPath(instancePath)))
        const own = found.filter((violation) => violation.minors.includes(minor))
        if (own.map(({ path }) => numbered(path)).some((path) => !theirs.has(path) && !theirs.has(parent(path))))
          misplaced.push({ minor, config, own, theirs: [...theirs] })
      }
    }
    expect(different.slice(0, 3)).toEqual([])
    expect(misplaced.slice(0, 3)).toEqual([])
    expect(all.length).toBeGreaterThanOrEqual(20_000)
    expect(valid).toBeGreaterThan(all.length / 20)
    expect(valid).toBeLessThan(all.length * set.minors.length * 0.8)
  }, 120_000)
})
