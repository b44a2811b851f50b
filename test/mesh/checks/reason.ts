import { distance } from 'fastest-levenshtein'
import type { JsonObject, MeshProxy } from '../control-plane.ts'
import { labelsAt, numberAt, objectAt, textAt } from '../json.ts'
import { namespaceOf, selects } from '../view/manifest.ts'
import { type Chain, chainsOf, type Snapshot } from './snapshot.ts'
import type { Patch } from './steps.ts'

export interface Scene {
  readonly proxies: readonly MeshProxy[]
  readonly rootNamespace: string
}

/** Why a patch changes nothing, in the order in which istiod would have looked. */
export function reason(patch: Patch, scene: Scene, before: Snapshot): string {
  const namespace = namespaceOf(patch.filter)
  const near = scene.proxies.filter((proxy) => namespace === scene.rootNamespace || proxy.namespace === namespace)
  if (near.length === 0)
    return `no proxy runs in namespace \`${namespace}\`, and it is not the root namespace \`${scene.rootNamespace}\``
  const labels = labelsAt(patch.filter, 'spec', 'workloadSelector', 'labels')
  const selected = near.filter((proxy) => selects(labels, proxy.labels))
  if (selected.length === 0)
    return `its \`workloadSelector\` ${JSON.stringify(labels)} selects no pod of namespace \`${namespace}\``
  const sent = [...before.values()].filter((resource) => selected.some(({ id }) => id === resource.proxy))
  const applyTo = textAt(patch.value, 'applyTo')
  if (applyTo === 'CLUSTER')
    return clusterReason(
      patch,
      sent.filter(({ kind }) => kind === 'cluster').map(({ name }) => name),
    )
  if (applyTo === 'EXTENSION_CONFIG') return 'no filter refers to an extension config of this name'
  const listeners = sent.filter(({ kind }) => kind === 'listener')
  return listenerReason(
    patch,
    listeners.map(({ name, value }) => ({ name, value })),
  )
}

function clusterReason(patch: Patch, names: readonly string[]): string {
  const wanted = textAt(patch.value, 'match', 'cluster', 'name')
  if (wanted === undefined || names.includes(wanted)) return 'the cluster is already as the patch says'
  return `no cluster is named \`${wanted}\`${closest(wanted, names)}`
}

interface Listener {
  readonly name: string
  readonly value: JsonObject
}

function listenerReason(patch: Patch, listeners: readonly Listener[]): string {
  const match = objectAt(patch.value, 'match', 'listener')
  const name = textAt(match, 'name')
  const named = listeners.filter((listener) => name === undefined || listener.name === name)
  if (name !== undefined && named.length === 0)
    return `no listener is named \`${name}\`${closest(
      name,
      listeners.map((listener) => listener.name),
    )}`
  const inbound = textAt(patch.value, 'match', 'context') === 'SIDECAR_INBOUND'
  const sided = named.filter((listener) => (listener.name === 'virtualInbound') === inbound)
  const portNumber = numberAt(match, 'portNumber')
  const ported = sided.filter(({ value }) => inbound || portNumber === undefined || portOf(value) === portNumber)
  if (ported.length === 0) return `no listener has port ${portNumber}`
  const chains = ported.flatMap(({ value }) => chainsOf(value))
  const destination = numberAt(match, 'filterChain', 'destinationPort') ?? (inbound ? portNumber : undefined)
  const reached = chains.filter((chain) => destination === undefined || chain.destinationPort === destination)
  if (reached.length === 0)
    return `no inbound chain is for port ${destination}: they are for ${ports(chains)} (the container's port counts, not the Service's)`
  return filterReason(textAt(match, 'filterChain', 'filter', 'name'), reached)
}

function filterReason(filter: string | undefined, chains: readonly Chain[]): string {
  const names = [...new Set(chains.flatMap(({ filters }) => filters.map((one) => textAt(one, 'name') ?? '')))]
  if (filter === undefined || names.includes(filter))
    return 'the chain is already as the patch says, or other parts of the match fail'
  return `the chain has no filter \`${filter}\`: it has ${names.map((name) => `\`${name}\``).join(', ')} (an earlier patch may have replaced it)`
}

function portOf(listener: JsonObject): number | undefined {
  return numberAt(listener, 'address', 'socket_address', 'port_value')
}

function ports(chains: readonly Chain[]): string {
  return [...new Set(chains.flatMap(({ destinationPort }) => destinationPort ?? []))].join(', ')
}

function closest(wanted: string, names: readonly string[]): string {
  const nearest = [...new Set(names)].sort((a, b) => distance(a, wanted) - distance(b, wanted))[0]
  return nearest === undefined ? '' : `; the nearest is \`${nearest}\``
}
