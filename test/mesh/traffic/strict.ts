import { counters, type Sidecar } from '../net/sidecar.ts'
import type { MeshRun } from './mesh-run.ts'

/**
 * In a mesh with STRICT mutual TLS: servers' sidecars have shaken hands, and a connection from outside the mesh, which
 * has no certificate, is refused by every one of them.
 */
export async function strictFaults(run: MeshRun, sidecars: ReadonlyMap<string, Sidecar>): Promise<readonly string[]> {
  const faults: string[] = []
  let handshakes = 0
  const outside = await run.pods.caller({ name: 'outside', namespace: run.pods.hub }, 'tcp')
  for (const pod of run.pods.all) {
    const sidecar = sidecars.get(pod.name)
    const [port] = pod.ports
    if (sidecar === undefined || port === undefined) continue
    handshakes += await one(sidecar, '^listener\\.0\\.0\\.0\\.0_15006\\.ssl\\.handshake$')
    const refusedBefore = await one(sidecar, REFUSED)
    const [reply] = await outside.call({ address: pod.address, port, send: 'in the clear', times: 1 })
    if (reply?.error === undefined) faults.push(`${pod.name} answers a connection without TLS: ${reply?.value}`)
    else if ((await one(sidecar, REFUSED)) === refusedBefore)
      faults.push(`${pod.name}: no sidecar refused the connection without TLS, yet it failed: ${reply.error}`)
  }
  await outside.running.end()
  return handshakes > 0 ? faults : [...faults, 'no server has shaken hands: the calls did not go over mutual TLS']
}

const REFUSED = '^listener\\.0\\.0\\.0\\.0_15006\\.no_filter_chain_match$'

async function one(sidecar: Sidecar, pattern: string): Promise<number> {
  return [...(await counters(sidecar, pattern)).values()][0] ?? 0
}
