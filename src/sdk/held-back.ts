import { namespaceIn } from '../istio/namespace-in.ts'
import { type Diagnostic, type Diagnostics, error, info } from '../krm/diagnostic.ts'
import { at, describe, type Source } from '../krm/object.ts'
import { isNamed } from '../krm/objects.ts'
import type { Refused } from '../krm/resource-list.ts'
import { expandHost } from '../mesh/hostname.ts'
import type { L7Port } from '../mesh/l7-port.ts'

/** What an object in error costs, since nobody can know what it asks for. */
export interface HeldBack {
  /** Hosts that get no filter. */
  readonly hosts: readonly string[]
  readonly diagnostics: Diagnostics
}

/** Of whom an object may speak. */
export interface Speech {
  /** The kind that it is or may be of. */
  readonly kind: string
  /** As far as it names hosts itself; `undefined`: it may speak for others besides. */
  readonly named: readonly string[] | undefined
  /** The hosts that may get a filter, and the namespace of each. */
  readonly served: ReadonlyMap<string, string>
  /** Whether an object of the kind speaks for hosts of its own namespace only, or for any that it names. */
  readonly reach: 'namespace' | 'any'
  readonly clusterDomain: string
}

/**
 * The hosts that an object in error speaks for. Where they cannot be read, all that it might: those of its namespace, or,
 * where the kind reaches further or the namespace cannot be read either, every one.
 */
export function heldBack(object: Refused, { kind, named, served, reach, clusterDomain }: Speech): HeldBack {
  const namespace = namespaceIn(object)
  const isAny = reach === 'any' || namespace === undefined
  const isReached = (host: string) => isAny || served.get(host) === namespace
  if (namespace !== undefined && named !== undefined) {
    const hosts = named.map((host) => expandHost(host, namespace, clusterDomain))
    return { hosts: hosts.filter((host) => served.has(host) && isReached(host)), diagnostics: [] }
  }
  const hosts = isAny ? [...served.keys()] : [...served.keys()].filter(isReached)
  if (hosts.length === 0) return { hosts, diagnostics: [] }
  const scope = isAny ? 'any' : `any of namespace ${namespace}`
  const what = `hosts that cannot be read, so it may be ${scope}: none of them gets a filter until the errors of this object are mended`
  const { source } = object
  const problem = isNamed(source.ref)
    ? error(at(source, ''), `speaks for ${what}`)
    : error(undefined, `${describeInError(source, kind)} speaks for ${what}`)
  return { hosts, diagnostics: [problem] }
}

/** An object in error in words: by its place where its names cannot be read. */
export function describeInError({ ref, file, item }: Source, kind: string): string {
  return isNamed(ref) ? describe(ref) : `\`${file?.path ?? `items[${item}]`}\` (a ${kind})`
}

/** What is wrong is said where it is written; the service that pays for it must be found too. `whose`: what is in error. */
export function staysPlain({ hostname, number, place }: L7Port, whose: string): Diagnostic {
  const message = `${hostname}:${number} gets no filter and stays plain TCP, until the errors of ${whose} are mended`
  return info(place, message)
}

/** The same of a server's own sidecar. */
export function staysUnfiltered({ hostname, number, place }: L7Port, whose: string): Diagnostic {
  return info(place, `${hostname}:${number} gets no inbound filter until the errors of ${whose} are mended`)
}
