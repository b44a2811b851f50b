import type { MeshProxy, Resource } from '../control-plane.ts'
import { canonical } from '../json.ts'
import type { AskedPort } from '../view/asked-ports.ts'
import type { Finding } from './finding.ts'
import { changedChains, keyOf, type Sent, type Snapshot, withoutChains } from './snapshot.ts'

export interface Claim {
  readonly asked: readonly AskedPort[]
  readonly proxies: readonly MeshProxy[]
  /** Clusters that the filters asked for send calls to. */
  readonly called: ReadonlySet<string>
}

/** What differs from the mesh without us and belongs to no port that was asked for. */
export function foreignFindings(before: Snapshot, after: Snapshot, claim: Claim): readonly Finding[] {
  const gone = [...before.values()].filter((was) => !after.has(keyOf(was)))
  const removed = gone.map((was) => `${was.kind} ${was.name} of ${was.proxy} is gone`)
  const changed = [...after.values()].flatMap((now) => {
    const was = before.get(keyOf(now))
    return was !== undefined && canonical(was.value) === canonical(now.value) ? [] : trespass(was, now, claim)
  })
  return [...removed, ...changed].map((message) => ({
    check: 'foreign',
    message: `${message}, though no port that is asked for is behind it: traffic that is not ours would change`,
  }))
}

function trespass(was: Sent | undefined, now: Sent, claim: Claim): readonly string[] {
  switch (now.kind) {
    case 'extension':
      return []
    case 'cluster':
      return clusterIsAsked(was, now, claim) ? [] : [`cluster ${now.name} of ${now.proxy} is changed`]
    case 'listener':
      return listenerTrespass(was, now, claim)
  }
}

function clusterIsAsked(was: Sent | undefined, now: Resource, claim: Claim): boolean {
  // A cluster of a new name is what a filter of ours brings along.
  if (was === undefined) return !now.name.endsWith(')')
  if (claim.called.has(now.name)) return true
  const [direction, port, , host] = now.name.split('|')
  if (direction === 'outbound') return claim.asked.some((asked) => asked.host === host && asked.number === Number(port))
  return direction === 'inbound' && isAskedContainer(now.proxy, Number(port), claim)
}

function listenerTrespass(was: Sent | undefined, now: Sent, claim: Claim): readonly string[] {
  if (was === undefined) return [`listener ${now.name} of ${now.proxy} is new`]
  const asked = claim.asked.some(({ listeners }) => listeners.includes(now.name))
  if (asked || isGateway(now, claim)) return []
  if (canonical(withoutChains(was.value)) !== canonical(withoutChains(now.value)))
    return [`listener ${now.name} of ${now.proxy} is changed outside its filter chains`]
  return changedChains(was.value, now.value)
    .filter(
      ([, chain]) => chain.destinationPort === undefined || !isAskedContainer(now.proxy, chain.destinationPort, claim),
    )
    .map(([, chain]) => `listener ${now.name}, ${chain.label} of ${now.proxy} is changed`)
}

function isAskedContainer(proxyId: string, port: number, claim: Claim): boolean {
  const proxy = claim.proxies.find(({ id }) => id === proxyId)
  return claim.asked.some(({ containers }) =>
    containers.some((container) => container.address === proxy?.address && container.port === port),
  )
}

/** A gateway's listeners stand for Gateway servers, whose ports may have any number: only routers may have them. */
function isGateway(now: Resource, claim: Claim): boolean {
  return claim.proxies.some(({ id, type }) => id === now.proxy && type === 'router')
}
