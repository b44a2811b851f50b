import type { KubernetesObject } from '../../../src/krm/object.ts'
import type { Admission, Explanation } from '../control-plane.ts'
import { named } from '../view/manifest.ts'
import type { Finding } from './finding.ts'

/** Said of every EnvoyFilter whatever it holds. */
const GENERIC = /^\s*\*?\s*EnvoyFilter exposes internal implementation details/

/** What Istio's admission says, and what istiod logs of patches that it drops. */
export function admissionFindings(filters: readonly KubernetesObject[], explanation: Explanation): readonly Finding[] {
  const admitted = filters.flatMap((filter, index) => {
    const said = explanation.validation[index]
    return said === undefined ? [] : complaints(said).map((text) => `${named(filter)}: ${text}`)
  })
  const logged = explanation.complaints.map((line) => `istiod dropped a patch and said so in its log only: ${line}`)
  return [...admitted, ...logged].map((message) => ({ check: 'admission', message }))
}

function complaints({ error, warnings = [] }: Admission): readonly string[] {
  const refused = error === undefined ? [] : [`kubectl apply is refused by Istio: ${error}`]
  const warned = warnings
    .flatMap((text) => text.split('\n'))
    .filter((line) => /\S/.test(line) && !GENERIC.test(line) && !/errors? occurred:$/.test(line))
  return [...refused, ...warned.map((line) => `kubectl apply warns: ${line.replace(/^\s*\*\s*/, '').trim()}`)]
}
