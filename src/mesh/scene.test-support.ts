import { decode, type Inputs } from '../istio/decode.ts'
import type { Diagnostics } from '../krm/diagnostic.ts'
import { describe, type KubernetesObject, type Sourced } from '../krm/object.ts'
import { diagnosticsOf, resultOf } from '../krm/outcome.ts'
import { type BindRules, type Bound, bind } from './bind.ts'
import type { L7Port } from './l7-port.ts'
import type { ListenerRules } from './listeners.ts'
import type { MeshProfile } from './profile.ts'
import { checkedProfile } from './profile-spec.ts'

export const defaultProfile: MeshProfile = profileOfNothing()

function profileOfNothing(): MeshProfile {
  const checked = checkedProfile({}, () => undefined)
  if ('problems' in checked) throw new Error('a profile need not say anything')
  return checked.profile
}

export const dubbo: ListenerRules = { name: 'dubbo', sharesListeners: true }
export const redis: ListenerRules = { name: 'redis', sharesListeners: false }

type Fields = Readonly<Record<string, unknown>>

/** An object of namespace `shop`, unless `metadata` says otherwise. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  spec: unknown,
  metadata: Fields = {},
): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: 'shop', ...metadata }, spec }
}

export function service(name: string, spec: Fields, metadata?: Fields): KubernetesObject {
  return object('v1', 'Service', name, spec, metadata)
}

export function istio(kind: string, name: string, spec: unknown, metadata?: Fields): KubernetesObject {
  return object('networking.istio.io/v1', kind, name, spec, metadata)
}

export function deployment(
  name: string,
  labels: Fields,
  ports: readonly Fields[],
  metadata?: Fields,
): KubernetesObject {
  return object(
    'apps/v1',
    'Deployment',
    name,
    { template: { metadata: { labels }, spec: { containers: [{ ports }] } } },
    metadata,
  )
}

/** A ServiceEntry with one Dubbo port 20880 at one address. */
export function dubboEntry(name: string, spec: Fields = {}, metadata?: Fields): KubernetesObject {
  const ports = [{ number: 20880, name: 'tcp-dubbo', protocol: 'TCP' }]
  const whole = { hosts: [`${name}.dubbo`], addresses: ['240.240.0.7'], resolution: 'STATIC', ports, ...spec }
  return istio(
    'ServiceEntry',
    name,
    Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)),
    metadata,
  )
}

export function sourced(objects: readonly KubernetesObject[]): readonly Sourced<KubernetesObject>[] {
  return objects.map((value, item) => {
    const { apiVersion, kind, metadata } = value
    const { name, namespace } = metadata
    return {
      value,
      source: { item, ref: { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) } },
    }
  })
}

/** Inputs of objects that must decode without a word. */
function inputsOf(objects: readonly KubernetesObject[]): Inputs {
  const decoded = decode(sourced(objects))
  const inputs = resultOf(decoded)
  if (inputs === undefined || diagnosticsOf(decoded).length > 0)
    throw new Error(`the scene is broken: ${said(diagnosticsOf(decoded)).join('\n')}`)
  return inputs
}

export interface Scene extends Bound {
  readonly said: readonly string[]
}

export function bound(
  objects: readonly KubernetesObject[],
  profile: Partial<MeshProfile> = {},
  rules: BindRules = dubbo,
): Scene {
  const outcome = bind(inputsOf(objects), { ...defaultProfile, ...profile }, rules)
  const value = resultOf(outcome)
  if (value === undefined) throw new Error('bind always has a value')
  return { ...value, said: said(diagnosticsOf(outcome)) }
}

/** The port of the only outbound listener. */
export function onlyPort(objects: readonly KubernetesObject[], profile: Partial<MeshProfile> = {}): L7Port {
  const { outbound, said: problems } = bound(objects, profile)
  const ports = outbound.flatMap((listener) => listener.ports)
  const [port] = ports
  if (port === undefined || ports.length > 1) throw new Error(`${ports.length} ports: ${problems.join('\n')}`)
  return port
}

/** `severity Kind namespace/name path: message`. */
export function said(diagnostics: Diagnostics): readonly string[] {
  return diagnostics.map(({ severity, place, message }) => {
    const where = place === undefined ? '' : ` ${describe(place.source.ref)} ${place.path}`
    return `${severity}${where}: ${message}`
  })
}
