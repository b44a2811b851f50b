import type { Case } from './cases.ts'
import { type Translation, translate } from './check-case.ts'
import type { Finding } from './checks/finding.ts'
import { load } from './load.ts'
import type { Verdict } from './outcome.ts'
import { manifestsText } from './run-folder.ts'
import type { Tools } from './tools.ts'

/** What each check proves, in the words of the closing report. */
const claims: Readonly<Record<Finding['check'], string>> = {
  admission: "Istio's admission has nothing to say",
  effect: 'every patch changes a proxy',
  foreign: 'nothing else changes',
  shape: 'every chain is as the patch says',
  coverage: 'every port that is asked for is served',
}

/** Proves one case on Istio and on every Envoy of its range. */
export async function proveCase(one: Case, tools: Tools): Promise<readonly Verdict[]> {
  const translation = await translate(one, tools.controlPlane)
  const checks = one.filters.length === 0 ? (['coverage'] as const) : Object.keys(claims).filter(isCheck)
  const left = translation.refused.map((text) => `left out, as Istio's admission refuses it: ${text}`)
  const said = checks.map((check) => verdictOf(one, check, translation, tools))
  const [first] = said
  const noted = first === undefined ? [] : [{ ...first, notes: left }, ...said.slice(1)]
  return [...noted, ...(await load(one.name, translation, tools))]
}

function verdictOf(
  one: Case,
  check: Finding['check'],
  { findings, mesh, differences }: Translation,
  tools: Tools,
): Verdict {
  const messages = findings.filter((finding) => finding.check === check).map(({ message }) => message)
  const name = `${one.name}: ${claims[check]}`
  if (messages.length === 0) return { name, faults: [] }
  const folder = tools.run.evidence(`${one.name} ${check}`, {
    'manifests.yaml': manifestsText(mesh.objects),
    'istiod.json': JSON.stringify(differences, null, 1),
  })
  return { name, faults: [...messages, `see ${folder}`] }
}

function isCheck(name: string): name is Finding['check'] {
  return name in claims
}
