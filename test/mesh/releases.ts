import { parse } from 'yaml'
import { execute } from '../../src/sdk/execute.ts'
import { documents, protocolWith } from '../../src/sdk/varying-protocol.test-support.ts'
import { type Case, renderedCase } from './cases.ts'
import { type Translation, translate } from './check-case.ts'
import { load } from './load.ts'
import type { Verdict } from './outcome.ts'
import type { Tools } from './tools.ts'

/**
 * A mesh in the middle of an upgrade: where plans differ by release, the real istiod gives the proxies of each release the one that
 * is theirs, exactly one, and the Envoy of that release takes it. The field that differs is one that older Envoys do not know.
 */
export async function releaseVerdicts(tools: Tools): Promise<readonly Verdict[]> {
  const { output = '', exitCode } = await execute(documents, protocolWith(true, '1.31'))
  const one = renderedCase('releases', 'documents', parse(output))
  if (exitCode !== 0) return [{ name: 'releases: the render', faults: ['must succeed'] }]
  const verdicts: Verdict[] = []
  for (const { istio } of tools.envoys) verdicts.push(...(await onRelease(istio, one, tools)))
  return verdicts
}

async function onRelease(istio: string, one: Case, tools: Tools): Promise<readonly Verdict[]> {
  const translation = await translate(one, tools.controlPlane, istio)
  const envoys = tools.envoys.filter((envoy) => envoy.istio === istio)
  const name = `releases: proxies of Istio ${istio}`
  return [{ name, faults: faults(istio, translation) }, ...(await load(name, translation, { ...tools, envoys }))]
}

function faults(istio: string, { effects, findings }: Translation): readonly string[] {
  const effective = effects.filter(({ changes }) => changes.length > 0)
  const hasLimit = effective.map(({ changes }) => JSON.stringify(changes).includes('max_bson_depth'))
  const isRight = hasLimit.length === 1 && hasLimit[0] === (istio === '1.31')
  const admission = findings.filter(({ check }) => check === 'admission').map(({ message }) => message)
  return isRight
    ? admission
    : [...admission, `one filter must be theirs, not ${hasLimit.length}, with the limit only from 1.31 on`]
}
