import { at, type Diagnostics, error, expandHost, type Refused } from 'meltemi'
import { namedHosts } from './named-hosts.ts'
import { namespaceIn } from './namespace-in.ts'

/** What an object in error costs, since nobody can know what it asks for. */
export interface HeldBack {
  /** Hosts that get no filter. */
  readonly hosts: readonly string[]
  readonly diagnostics: Diagnostics
}

/**
 * The hosts that an object in error speaks for. Where they cannot be read, those of its namespace, since it speaks for no
 * others; where that cannot be read either, all.
 */
export function heldBack(
  object: Refused,
  kind: string,
  served: ReadonlyMap<string, string>,
  clusterDomain: string,
): HeldBack {
  const { source, value } = object
  const namespace = namespaceIn(object)
  const { hosts, isPart } = namedHosts(Object(value).spec, at(source, 'spec'))
  if (namespace !== undefined && !isPart) {
    const named = hosts.map(({ host }) => expandHost(host, namespace, clusterDomain))
    return { hosts: named.filter((host) => served.get(host) === namespace), diagnostics: [] }
  }
  const possible = [...served].filter(([, owner]) => namespace === undefined || owner === namespace)
  if (possible.length === 0) return { hosts: [], diagnostics: [] }
  const scope = namespace === undefined ? 'any' : `any of namespace ${namespace}`
  const what = `hosts that cannot be read, so it may be ${scope}: none of them gets a filter until the errors of this object are mended`
  const { apiVersion, name } = source.ref
  return {
    hosts: possible.map(([host]) => host),
    diagnostics:
      apiVersion === '' || source.ref.kind === '' || name === ''
        ? [error(undefined, `\`${source.file?.path ?? `items[${source.item}]`}\`, a ${kind}, speaks for ${what}`)]
        : [error(at(source, ''), `speaks for ${what}`)],
  }
}
