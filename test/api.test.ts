import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../scripts/functions.ts'

/**
 * What semantic versioning promises to authors of protocols. A name that appears here is kept; one that goes, or changes its
 * meaning, is a major version. The list stands here so that a change of it is seen in review.
 */
const API: Readonly<
  Record<string, { readonly file: string; readonly values: readonly string[]; readonly types: readonly string[] }>
> = {
  meltemi: {
    file: 'src/index.ts',
    values: [
      'ANY_STRING',
      'FINEST_PERCENTAGE',
      'all',
      'at',
      'below',
      'chain',
      'clusterSpecifier',
      'collect',
      'compare',
      'defineProtocol',
      'describe',
      'describeDestinations',
      'describeInError',
      'describeString',
      'describeTarget',
      'diagnosticsOf',
      'error',
      'expandHost',
      'fail',
      'groupBy',
      'headerMatcher',
      'heldBack',
      'hostFinder',
      'info',
      'isCatchAll',
      'isOlder',
      'labelName',
      'map',
      'namespaceIn',
      'namespaceOf',
      'ok',
      'portKey',
      'protoDuration',
      'remark',
      'resultOf',
      'run',
      'runtimeFraction',
      'say',
      'schemaDiagnostics',
      'standingWarning',
      'statPrefix',
      'staysPlain',
      'staysUnfiltered',
      'stringMatcher',
      'suggest',
      'takesEveryCall',
      'typeUrl',
      'unknownField',
      'warning',
      'withoutHeaderMatcher',
    ],
    types: [
      'ClusterChange',
      'ClusterSpecifier',
      'Context',
      'Destination',
      'Diagnostic',
      'Diagnostics',
      'Discovery',
      'ExtensionConfig',
      'Feature',
      'HeaderMatch',
      'HeaderMatcher',
      'InboundListener',
      'KubernetesObject',
      'L7Port',
      'ListenerMatch',
      'Listeners',
      'MeshProfile',
      'Mirror',
      'NetworkFilter',
      'ObjectRef',
      'OutboundListener',
      'Outcome',
      'OwnKind',
      'Place',
      'Placement',
      'Plan',
      'PolicyPart',
      'PolicyParts',
      'Protocol',
      'Reference',
      'Refused',
      'Resolve',
      'Route',
      'RouteMatch',
      'RouteRow',
      'RuntimeFractionalPercent',
      'SchemaError',
      'SchemaValidator',
      'Severity',
      'Source',
      'Sourced',
      'StringMatch',
      'StringMatcher',
      'Subset',
      'Target',
      'TypedConfig',
      'Upstream',
      'WeightedCluster',
    ],
  },
  'meltemi/testing': {
    file: 'src/testing.ts',
    values: ['conformance', 'laws', 'meshes', 'missingParts', 'readGolden', 'subjectOf'],
    types: ['ConformanceOptions', 'Golden', 'GoldenCase', 'Law', 'MeshOptions', 'Subject'],
  },
  'meltemi/kpt': { file: 'src/kpt.ts', values: ['asKptFunc'], types: [] },
}

describe.each(Object.entries(API))('%s', (name, { file, values, types }) => {
  test('has these values', async () => {
    const module: object = await import(name)
    expect(Object.keys(module).sort()).toEqual(values)
  })

  test('has these types', () => {
    expect(exportedTypes(readFileSync(join(root, file), 'utf8'))).toEqual(types)
  })
})

test('package.json has these entries and no other', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'))
  expect(entries.map((entry) => entry.replace('.', 'meltemi'))).toEqual(Object.keys(API))
})

/** Types leave no trace at run time, so they are read where they are written. */
function exportedTypes(text: string): readonly string[] {
  const lists = [...text.matchAll(/^export (type )?\{([^}]*)\} from/gm)].flatMap(([, all, body = '']) =>
    body.split(',').flatMap((part) => {
      const one = part.trim()
      if (one.startsWith('type ')) return [one.slice('type '.length)]
      return all === undefined || one === '' ? [] : [one]
    }),
  )
  const declared = [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name = '']) => name)
  return [...lists, ...declared].sort()
}
