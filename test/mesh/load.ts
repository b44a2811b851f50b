import { join } from 'node:path'
import type { Translation } from './check-case.ts'
import { type Trial, trial } from './checks/envoy.ts'
import type { Verdict } from './outcome.ts'
import { manifestsText } from './run-folder.ts'
import type { Envoy } from './setup/envoy-binary.ts'
import type { Tools } from './tools.ts'

/** Has every Envoy of the case's range load what istiod makes of it, each as a starting pod would. */
export async function load(name: string, translation: Translation, tools: Tools): Promise<readonly Verdict[]> {
  if (translation.changed.length === 0) return []
  const trials = await loadAll(name, translation, tools)
  const envoys = [...new Set(trials.map(({ envoy }) => envoy))]
  return envoys.map((envoy) =>
    verdict(
      name,
      envoy,
      trials.filter((one) => one.envoy === envoy),
      translation,
      tools,
    ),
  )
}

/** Every trial, as many at a time as there are slots. */
export async function loadAll(name: string, translation: Translation, tools: Tools): Promise<readonly Trial[]> {
  const { profile, changed, mesh } = translation
  const envoys = tools.envoys.filter(
    ({ istio }) => profile.istioVersions.length === 0 || profile.istioVersions.includes(istio),
  )
  const queue = envoys.flatMap((envoy) => changed.map((proxy) => ({ envoy, proxy })))
  const folder = tools.run.folder(join('load', name.replace(/[^\w.-]+/g, '-')))
  const ads = tools.run.socket()
  await tools.controlPlane.serve(name, mesh, ads)
  const trials: Trial[] = []
  const drain = async (namespace: string): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const options = {
        children: tools.children,
        namespace,
        folder,
        socket: tools.run.socket,
        ads,
        sds: tools.controlPlane.sds,
      }
      trials.push(await trial(next.envoy, next.proxy, options))
    }
  }
  try {
    await Promise.all(tools.slots.map(drain))
  } finally {
    await tools.controlPlane.close(name)
  }
  return trials
}

function verdict(
  name: string,
  envoy: Envoy,
  trials: readonly Trial[],
  translation: Translation,
  tools: Tools,
): Verdict {
  const title = `${name}: Envoy ${envoy.envoy} (Istio ${envoy.istio}) loads it`
  const refused = trials.filter(({ accepted }) => !accepted)
  const lacking = new Set(
    refused.flatMap(({ reasons }) => reasons.flatMap((text) => foreignExtension(text, translation) ?? [])),
  )
  if (refused.length > 0 && lacking.size > 0)
    return {
      name: title,
      faults: [],
      notes: [`loading is not proven: ${[...lacking].join(', ')} is not in a standard Envoy (proxy.extensions)`],
    }
  return { name: title, faults: refused.flatMap((one) => refusal(name, one, translation, tools)) }
}

/** An extension that the case says its own proxy has and that this Envoy has not. */
export function foreignExtension(reason: string, { profile }: Translation): string | undefined {
  const missing = /Didn't find a registered implementation for '?([\w.]+)/.exec(reason)?.[1]
  return missing !== undefined && profile.extensions.includes(missing) ? missing : undefined
}

function refusal(
  name: string,
  { envoy, proxy, reasons, listeners, log }: Trial,
  translation: Translation,
  tools: Tools,
): readonly string[] {
  const folder = tools.run.evidence(`${name} ${envoy.envoy} ${proxy.id}`, {
    'config_dump.json': listeners,
    'envoy.log': log,
    'manifests.yaml': manifestsText(translation.mesh.objects),
  })
  return [...reasons.map((reason) => `the sidecar of ${proxy.id} refuses it: ${reason}`), `see ${folder}`]
}
