import fc from 'fast-check'
import { meshes, readGolden, subjectOf } from 'meltemi/testing'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import redis from './index.ts'
import { focusedLists, redisObjects } from './random-objects.test-support.ts'

/** The patches of an output, and meshes of which something is said in every way. */
const { run } = subjectOf(redis)
const config = fc.record(
  {
    inbound: fc.boolean(),
    unsupported: fc.constant('warning'),
    sharding: fc.constant('maglev'),
    secrets: fc.constant('environment'),
  },
  { requiredKeys: [] },
)
export const random = fc.oneof(meshes(redis, { objects: redisObjects, config }), focusedLists)

export interface Patch {
  readonly filter: string
  readonly namespace: string
  /** Of the pods that get the filter; none: of every pod. */
  readonly labels: Readonly<Record<string, string>>
  readonly applyTo: string
  readonly operation: string
  readonly context: string
  readonly cluster?: string
  readonly value: Readonly<Record<string, unknown>>
}

export async function patchesOf(input: string): Promise<readonly Patch[]> {
  const list = parse((await run(input)).output ?? '')
  return list.items
    .filter(({ kind }: { readonly kind: string }) => kind === 'EnvoyFilter')
    .flatMap(({ metadata: { name, namespace }, spec: { workloadSelector, configPatches } }: Filter) =>
      configPatches.map(({ applyTo, match, patch }) => ({
        filter: name,
        namespace,
        labels: workloadSelector?.labels ?? {},
        applyTo,
        operation: patch.operation,
        context: match.context,
        ...(match.cluster === undefined ? {} : { cluster: match.cluster.name }),
        value: patch.value ?? {},
      })),
    )
}

interface Filter {
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly spec: {
    readonly workloadSelector?: { readonly labels: Readonly<Record<string, string>> }
    readonly configPatches: readonly {
      readonly applyTo: string
      readonly match: { readonly context: string; readonly cluster?: { readonly name: string } }
      readonly patch: { readonly operation: string; readonly value?: Readonly<Record<string, unknown>> }
    }[]
  }
}

/** For each thing that must not be: the patches of a list that are so. */
export type Rules = Readonly<Record<string, (patches: readonly Patch[]) => readonly unknown[]>>

/** No input may make such patches: no golden case does, and none of these random lists. */
export function neverBroken(rules: Rules, lists: fc.Arbitrary<string>): void {
  describe.each(Object.entries(rules))('never: %s', (_, broken) => {
    test.each(readGolden(import.meta.dirname).cases)('golden case $name', async ({ input }) => {
      expect(broken(await patchesOf(input))).toEqual([])
    })

    test('random lists', { timeout: 60_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(lists, async (list) => {
          expect(broken(await patchesOf(list))).toEqual([])
        }),
        { numRuns: 150 },
      )
    })
  })
}
