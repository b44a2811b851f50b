import { join } from 'node:path'
import type { Translation } from './check-case.ts'
import { type Trial, trial } from './checks/envoy.ts'
import { leaves } from './json.ts'
import { secretsIn } from './net/secrets.ts'
import type { Verdict } from './outcome.ts'
import { manifestsText } from './run-folder.ts'
import type { Envoy } from './setup/envoy-binary.ts'
import type { Tools } from './tools.ts'

/** Has every Envoy of the case's range load what istiod makes of it, each as a starting pod would. */
export async function load(name: string, translation: Translation, tools: Tools): Promise<readonly Verdict[]> {
  if (translation.changed.length === 0) return []
  const trials = await loadAll(name, translation, tools)
  const envoys = [...new Set(trials.map(({ envoy }) => envoy))]
  if (envoys.length === 0) {
    const note = `that it loads is not proven: no Envoy of Istio ${translation.profile.istioVersions.join(', ')} is known`
    return [{ name: `${name}: an Envoy loads it`, faults: [], notes: [note] }]
  }
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
        secrets: secretsIn(mesh.objects, next.proxy.labels),
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
  const unproven = new Set(refused.flatMap((one) => unprovable(one, translation) ?? []))
  if (unproven.size > 0) return { name: title, faults: [], notes: [...unproven] }
  const faults = refused.flatMap((one) => refusal(name, one, translation, tools))
  return { name: title, faults: [...faults, ...lackingInIstio(envoy, translation)] }
}

/** Why a refusal says nothing: the extension is one that a standard Envoy need not have. */
export function unprovable({ envoy, reasons }: Trial, { profile }: Translation): string | undefined {
  const missing = reasons.flatMap(
    (reason) => /Didn't find a registered implementation for '?([\w.]+)/.exec(reason)?.[1] ?? [],
  )
  const known = missing.find((name) => profile.extensions.includes(name) || envoy.onlyInIstioProxy.includes(name))
  if (known === undefined) return undefined
  const who = profile.extensions.includes(known)
    ? "the case's own proxy image (`proxy.extensions`)"
    : "Istio's build of it"
  return `that it loads is not proven: a standard Envoy lacks \`${known}\`, which ${who} has`
}

/** Extensions that this Envoy loads and the proxy of that Istio would refuse. */
export function lackingInIstio(envoy: Envoy, { effects, profile }: Translation): readonly string[] {
  const named = new Set(effects.flatMap(({ patch }) => leaves(patch.value)))
  return envoy.notInIstioProxy
    .filter((extension) => named.has(extension) && !profile.extensions.includes(extension))
    .map((extension) => `the proxy of Istio ${envoy.istio} refuses it: it is built without \`${extension}\``)
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
