import type { KubernetesObject } from '../../src/krm/object.ts'
import type { Case } from './cases.ts'
import { objectAt } from './json.ts'
import type { Verdict } from './outcome.ts'
import { caseOfAll, proof } from './proof.ts'
import type { Tools } from './tools.ts'

/** Somebody's own EnvoyFilter: the right idea at the wrong address, and an extension that no Envoy has. */
const anybodys: KubernetesObject = {
  apiVersion: 'networking.istio.io/v1alpha3',
  kind: 'EnvoyFilter',
  metadata: { name: 'anybodys', namespace: 'istio-system' },
  spec: {
    priority: -1,
    configPatches: [patchOf({ name: '10.255.255.254_1' }), patchOf({})],
  },
}

function patchOf(listener: object): object {
  const filterChain = { filter: { name: 'envoy.filters.network.tcp_proxy' } }
  const value = {
    name: 'meltemi.no_such_extension',
    typed_config: {
      '@type': 'type.googleapis.com/xds.type.v3.TypedStruct',
      type_url: 'type.googleapis.com/meltemi.NoSuchExtension',
      value: {},
    },
  }
  return {
    applyTo: 'NETWORK_FILTER',
    match: { context: 'SIDECAR_OUTBOUND', listener: { ...listener, filterChain } },
    patch: { operation: 'INSERT_BEFORE', value },
  }
}

function onOldProxies(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'MeshProfile') return object
  return { ...object, spec: { ...objectAt(object, 'spec'), istio: { versions: '1.20' } } }
}

/** `npm run prove` proves the examples, and does not prove them with somebody's faulty EnvoyFilter beside ours. */
export async function proofVerdicts(examples: readonly Case[], tools: Tools): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  for (const { name, manifests, filters } of examples) {
    const right = await proof(caseOfAll([...manifests, ...filters]), tools)
    verdicts.push({ name: `prove ${name}`, faults: right.isProven ? [] : right.lines })
    const wrong = await proof(caseOfAll([...manifests, ...filters, anybodys]), tools)
    const old = await proof(caseOfAll([...manifests.map(onOldProxies), ...filters]), tools)
    verdicts.push({
      name: `prove ${name} for proxies that nobody has`,
      faults: old.isProven || !old.lines.join('\n').includes('no Envoy was tried') ? ['must not be proven'] : [],
    })
    const text = wrong.lines.join('\n')
    const wanted = [
      /^istio-system\/anybodys +0 +- +NOTHING: no listener is named `10\.255\.255\.254_1`/m,
      /REFUSED: .*meltemi\.no_such_extension.*\(changed by istio-system\/anybodys\)/,
    ]
    const unsaid = wanted.filter((pattern) => !pattern.test(text)).map((pattern) => `must say ${pattern}`)
    const passed = wrong.isProven ? ['must not be proven'] : []
    const faults = [...passed, ...unsaid]
    verdicts.push({
      name: `prove ${name} with a faulty filter`,
      faults: faults.length === 0 ? [] : [...faults, ...wrong.lines],
    })
  }
  return verdicts
}
