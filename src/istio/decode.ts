import { isLeft } from 'fp-ts/Either'
import type * as t from 'io-ts'
import { type Diagnostic, type Diagnostics, error } from '../krm/diagnostic.ts'
import { isFields } from '../krm/fields.ts'
import { at, groupOf, type KubernetesObject, type Sourced } from '../krm/object.ts'
import { type Outcome, remark } from '../krm/outcome.ts'
import { type Autoscaler, isAutoscaler, readAutoscaler } from './autoscaler.ts'
import { DestinationRule } from './destination-rule.ts'
import { problemOf } from './problem.ts'
import { Service } from './service.ts'
import { ServiceEntry } from './service-entry.ts'
import { VirtualService } from './virtual-service.ts'
import { Controller, controllerWorkload, Pod, podWorkload, type Workload, WorkloadEntry } from './workload.ts'

/** Everything that we read of a list, by kind, in the list's order. */
export interface Inputs {
  readonly services: readonly Sourced<Service>[]
  readonly serviceEntries: readonly Sourced<ServiceEntry>[]
  readonly virtualServices: readonly Sourced<VirtualService>[]
  readonly destinationRules: readonly Sourced<DestinationRule>[]
  readonly workloads: readonly Sourced<Workload>[]
  readonly workloadEntries: readonly Sourced<WorkloadEntry>[]
  readonly autoscalers: readonly Autoscaler[]
  /** As they stand: their world is closed, and `readProfile` checks them against their schema. */
  readonly meshProfiles: readonly Sourced<KubernetesObject>[]
}

export interface TypeOfObject {
  readonly apiVersion: string
  readonly kind: string
}

const ISTIO_GROUP = 'networking.istio.io'
const istioVersions: readonly string[] = ['v1alpha3', 'v1beta1', 'v1']
const istioKinds: readonly string[] = ['ServiceEntry', 'VirtualService', 'DestinationRule', 'WorkloadEntry']
const controllerKinds: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet']

/** Whether `decode` wants objects of this type, beside workloads and what scales them; all others may stay unparsed. */
export function reads({ apiVersion, kind }: TypeOfObject): boolean {
  switch (groupOf(apiVersion)) {
    case '':
      return apiVersion === 'v1' && kind === 'Service'
    case ISTIO_GROUP:
      return istioKinds.includes(kind)
    case 'meltemi.dev':
      return kind === 'MeshProfile'
    default:
      return false
  }
}

/** Whether an object is a workload that `decode` wants: a list may hold thousands, so only those that matter are read. */
export function isWorkload({ apiVersion, kind }: TypeOfObject): boolean {
  return apiVersion === 'v1' ? kind === 'Pod' : apiVersion === 'apps/v1' && controllerKinds.includes(kind)
}

/**
 * Objects by kind, as far as we read them. A field of a wrong type is an error with its path, and costs the object
 * that holds it; a broken port of a Service or ServiceEntry costs only that port.
 */
export function decode(objects: readonly Sourced<KubernetesObject>[]): Outcome<Inputs> {
  const diagnostics: Diagnostic[] = []
  const services: Sourced<Service>[] = []
  const serviceEntries: Sourced<ServiceEntry>[] = []
  const virtualServices: Sourced<VirtualService>[] = []
  const destinationRules: Sourced<DestinationRule>[] = []
  const workloads: Sourced<Workload>[] = []
  const workloadEntries: Sourced<WorkloadEntry>[] = []
  const autoscalers: Autoscaler[] = []
  const meshProfiles: Sourced<KubernetesObject>[] = []
  const take = <A>(codec: t.Type<A, unknown>, object: Sourced<KubernetesObject>, add: (value: Sourced<A>) => void) => {
    const { value, problems } = decodeOne(codec, object)
    diagnostics.push(...problems)
    if (value !== undefined) add({ value, source: object.source })
  }
  for (const object of objects) {
    const { source, value } = object
    if (isAutoscaler(value)) {
      const { autoscaler, problems } = readAutoscaler(object)
      autoscalers.push(autoscaler)
      diagnostics.push(...problems)
      continue
    }
    if (!reads(value) && !isWorkload(value)) continue
    const version = unknownVersion(object)
    if (version !== undefined) {
      diagnostics.push(version)
      continue
    }
    switch (value.kind) {
      case 'Service':
        take(Service, object, (decoded) => services.push(decoded))
        break
      case 'ServiceEntry':
        take(ServiceEntry, object, (decoded) => serviceEntries.push(decoded))
        break
      case 'VirtualService':
        take(VirtualService, object, (decoded) => virtualServices.push(decoded))
        break
      case 'DestinationRule':
        take(DestinationRule, object, (decoded) => destinationRules.push(decoded))
        break
      case 'WorkloadEntry':
        take(WorkloadEntry, object, (decoded) => workloadEntries.push(decoded))
        break
      case 'Pod':
        take(Pod, object, (decoded) => workloads.push({ value: podWorkload(decoded.value), source }))
        break
      case 'MeshProfile':
        meshProfiles.push(object)
        break
      default:
        take(Controller, object, (decoded) => workloads.push({ value: controllerWorkload(decoded.value), source }))
    }
  }
  const inputs: Inputs = {
    services,
    serviceEntries,
    virtualServices,
    destinationRules,
    workloads,
    workloadEntries,
    autoscalers,
    meshProfiles,
  }
  return remark(inputs, diagnostics)
}

/** An Istio object in a version that no Istio serves would be passed over in silence otherwise. */
function unknownVersion({ value, source }: Sourced<KubernetesObject>): Diagnostic | undefined {
  const { apiVersion } = value
  const group = groupOf(apiVersion)
  if (group !== ISTIO_GROUP || istioVersions.some((version) => apiVersion === `${group}/${version}`)) return undefined
  const served = istioVersions.map((name) => `\`${group}/${name}\``).join(', ')
  return error(at(source, 'apiVersion'), `must be one of ${served}, not "${apiVersion}"`, {
    currentValue: apiVersion,
    proposedValue: `${group}/v1`,
  })
}

interface Decoded<A> {
  readonly value?: A
  readonly problems: Diagnostics
}

function decodeOne<A>(codec: t.Type<A, unknown>, { value, source }: Sourced<KubernetesObject>): Decoded<A> {
  const first = codec.decode(value)
  if (!isLeft(first)) return { value: first.right, problems: [] }
  const problems = first.left.map((problem) => problemOf(problem, source))
  const repaired = withoutBrokenPorts(value, first.left)
  if (repaired === undefined) return { problems }
  const second = codec.decode(repaired)
  return isLeft(second) ? { problems } : { value: second.right, problems }
}

/** The object with its broken `spec.ports[i]` as holes, if nothing else in it is broken. */
function withoutBrokenPorts(object: KubernetesObject, errors: t.Errors): unknown {
  const broken = new Set<number>()
  for (const { context } of errors) {
    const [, spec, ports, index] = context
    if (spec?.key !== 'spec' || ports?.key !== 'ports' || index === undefined) return undefined
    broken.add(Number(index.key))
  }
  const { spec } = object
  if (!isFields(spec) || !Array.isArray(spec.ports)) return undefined
  return { ...object, spec: { ...spec, ports: spec.ports.map((port, i) => (broken.has(i) ? undefined : port)) } }
}
