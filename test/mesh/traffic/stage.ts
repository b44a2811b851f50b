import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringsAt } from '../json.ts'
import { secretsIn } from '../net/secrets.ts'
import { acceptance, isReady, type Sidecar, startSidecar } from '../net/sidecar.ts'
import { waitFor } from '../net/wait.ts'
import type { Verdict } from '../outcome.ts'
import { manifestsText } from '../run-folder.ts'
import type { ClusterView } from '../view/cluster-view.ts'
import { virtualAddresses } from '../view/services.ts'
import { growth, readCounters } from './growth.ts'
import { growthFault, judge } from './judge.ts'
import type { MeshRun } from './mesh-run.ts'
import type { Pod } from './pods.ts'
import type { ProgramRun } from './program-run.ts'
import type { Scenario } from './scenario.ts'

/** The pod that sidecars ask for names, if the mesh has it. */
const NAME_SERVER = 'kube-dns'

/** Where a stage is, and what it is called in reports. */
export interface Setting {
  readonly title: string
  readonly folder: string
  readonly ads: string
}

/** A mesh while it runs: its sidecars, and the programs that make calls. */
export class Stage {
  readonly sidecars = new Map<string, Sidecar>()
  readonly #callers = new Map<string, ProgramRun>()
  readonly #run: MeshRun
  readonly #view: ClusterView
  readonly #setting: Setting

  constructor(run: MeshRun, view: ClusterView, setting: Setting) {
    this.#run = run
    this.#view = view
    this.#setting = setting
  }

  /** What was refused, and why; empty: all are ready. */
  async startSidecars(): Promise<readonly string[]> {
    const pods = this.#run.pods.all.filter(({ hasSidecar }) => hasSidecar)
    return (await Promise.all(pods.map((pod) => this.#startSidecar(pod)))).flat()
  }

  async #startSidecar(pod: Pod): Promise<readonly string[]> {
    const { environment, envoy } = this.#run
    const proxy = this.#view.proxies.find(({ address }) => address === pod.address)
    if (proxy === undefined) throw new Error(`the view has no proxy for ${pod.name}`)
    const nameServer = this.#run.pods.all.find(({ name }) => name === NAME_SERVER)?.address
    const sidecar = startSidecar(environment.children, {
      envoy,
      proxy,
      namespace: pod.namespace,
      serviceAccount: pod.serviceAccount,
      secrets: secretsIn(this.#view.objects, proxy.labels),
      ...(nameServer === undefined ? {} : { nameServer }),
      ads: this.#setting.ads,
      sds: environment.controlPlane.sds,
      folder: join(this.#setting.folder, pod.name),
      socket: environment.run.socket(),
    })
    this.sidecars.set(pod.name, sidecar)
    const { accepted, reasons } = await acceptance(sidecar)
    return accepted ? [] : reasons.map((reason) => `the sidecar of ${pod.name}: ${reason}`)
  }

  /** Makes a scenario's calls and says what is not as it must be. */
  async play(scenario: Scenario): Promise<Verdict> {
    const name = `${this.#setting.title}: ${scenario.name}`
    try {
      for (const workload of scenario.restart) await this.#run.pods.restart(workload)
      const before = await readCounters(this.sidecars, scenario.expect.counters)
      const caller = await this.#caller(scenario)
      const replies = await caller.call({ ...scenario.call, ...this.#address(scenario.to), times: scenario.times })
      const faults = [
        ...judge(replies, scenario.expect, scenario.times),
        ...(await this.#counterFaults(scenario, before)),
        ...(await this.#lifeFaults(scenario)),
      ]
      return { name, faults: faults.length === 0 ? [] : await this.#withEvidence(scenario, faults) }
    } catch (problem) {
      const fault = problem instanceof Error ? problem.message : String(problem)
      return { name, faults: await this.#withEvidence(scenario, [fault]) }
    }
  }

  async #caller({ from, via }: Scenario): Promise<ProgramRun> {
    const key = `${from} ${via ?? ''}`
    const known = this.#callers.get(key)
    if (known?.running.alive()) return known
    const started = await this.#run.pods.caller(this.#run.pods.find(from), via)
    this.#callers.set(key, started)
    return started
  }

  #address(to: string): { readonly address: string; readonly port: number } {
    const [host = '', port] = to.split(':')
    const service = this.#view.objects.find(
      ({ kind, metadata }) => kind === 'Service' && `${metadata.name}.${metadata.namespace}` === host,
    )
    const entry = this.#view.objects.find(
      (object) => object.kind === 'ServiceEntry' && stringsAt(object, 'spec', 'hosts').includes(host),
    )
    const address = service === undefined ? stringsAt(entry, 'spec', 'addresses')[0] : virtualAddresses(service)[0]
    return { address: address ?? host, port: Number(port) }
  }

  async #counterFaults(scenario: Scenario, before: ReadonlyMap<string, number>): Promise<readonly string[]> {
    const after = await readCounters(this.sidecars, scenario.expect.counters)
    return Object.entries(scenario.expect.counters).flatMap(([pod, wanted]) =>
      Object.entries(wanted).flatMap(([counter, text]) => {
        const fault = growthFault(growth(before, after, pod, counter), text)
        return fault === undefined ? [] : [`counter ${counter} of ${pod} ${fault}`]
      }),
    )
  }

  /** Sidecars that died although they must not, or lived although they must not; dead ones are replaced. */
  async #lifeFaults(scenario: Scenario): Promise<readonly string[]> {
    const faults: string[] = []
    const doomed = scenario.expect.dies?.includes(this.#run.envoy.envoy) ?? false
    const caller = this.sidecars.get(scenario.from)
    if (doomed && caller !== undefined) {
      const died = await waitFor(3000, () => (caller.running.alive() ? undefined : true))
      if (died === undefined)
        faults.push(
          `the sidecar of ${scenario.from} must die of Envoy's fault on ${this.#run.envoy.envoy}, and lives: the fault is fixed there`,
        )
    }
    for (const [name, sidecar] of [...this.sidecars]) {
      if (await isReady(sidecar)) continue
      if (!(doomed && name === scenario.from))
        faults.push(`the sidecar of ${name} is dead (${sidecar.running.outcome() ?? 'it does not answer'})`)
      await sidecar.running.end('SIGKILL')
      faults.push(...(await this.#startSidecar(this.#run.pods.find(name))))
    }
    return faults
  }

  async #withEvidence(scenario: Scenario, faults: readonly string[]): Promise<readonly string[]> {
    const files: Record<string, string> = { 'manifests.yaml': manifestsText(this.#view.objects) }
    for (const [name, sidecar] of this.sidecars) {
      files[`${name}.config_dump.json`] = await sidecar
        .ask('/config_dump?include_eds')
        .catch(() => 'Envoy does not answer')
      files[`${name}.envoy.log`] = readFileSync(sidecar.log, 'utf8')
    }
    const folder = this.#run.environment.run.evidence(`${this.#setting.title} ${scenario.name}`, files)
    return [...faults, `see ${folder}`]
  }

  async end(): Promise<void> {
    const running = [...this.sidecars.values(), ...this.#callers.values()].map((one) => one.running)
    await Promise.all(running.map((one) => one.end('SIGKILL')))
  }
}
