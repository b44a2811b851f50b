import { list, read, text, type View } from '../view.ts'
import { addressesOfHost, hostsOf, settingsOf, sourcesOf } from './sources.ts'

/**
 * The clients' listeners that a service takes part in, by what the input says alone: `<address>_<port>`, or `*_<port>`
 * where the number is vouched for, so that one match may find them all.
 */
export function listenersOf(service: unknown, mesh: View): readonly string[] {
  return hostsOf(service).flatMap((host) => listenersOfHost(service, host, mesh))
}

function listenersOfHost(service: unknown, host: string, mesh: View): readonly string[] {
  const addresses = addressesOfHost(service, host, mesh)
  const vouched = vouchedPorts(mesh)
  return list(read(service, 'spec', 'ports')).flatMap((port) => {
    const number = read(port, 'port') ?? read(port, 'number')
    if (vouched.includes(number)) return [`*_${String(number)}`]
    const onWildcard = isHttp(service, port) || isFloating(service, addresses)
    return [...addresses, ...(onWildcard ? ['0.0.0.0'] : [])].map((address) => `${address}_${String(number)}`)
  })
}

/** Where a filter stands: whose proxies, and which listeners of theirs. A name says more than that, such as who comes first. */
export function standsAt(filter: unknown): string {
  return JSON.stringify([
    read(filter, 'metadata', 'namespace'),
    read(filter, 'spec', 'workloadSelector'),
    ...new Set(matchedListeners(filter).map((listener) => JSON.stringify(listener))),
  ])
}

/** Where a client's filter may stand, whoever else comes or goes: its sources' listeners at its own port number. */
export function reachOf(filter: unknown, mesh: View): readonly string[] {
  const numbers = matchedListeners(filter).flatMap((listener) => {
    const number = /_(\d+)$/.exec(text(read(listener, 'name')))?.[1] ?? read(listener, 'portNumber')
    return number === undefined ? [] : [`_${String(number)}`]
  })
  const listening = sourcesOf(filter, mesh).flatMap((source) => listenersOf(source, mesh))
  return listening.filter((listener) => numbers.some((number) => listener.endsWith(number)))
}

function matchedListeners(filter: unknown): readonly unknown[] {
  const patches = list(read(filter, 'spec', 'configPatches'))
  return patches.map((patch) => read(patch, 'match', 'listener')).filter((listener) => listener !== undefined)
}

/** istiod serves HTTP of every address of a port number on one listener, the wildcard's. */
export function isHttp(service: unknown, port: unknown): boolean {
  const ofService = text(read(port, 'appProtocol')) || text(read(port, 'name'))
  const said = read(service, 'kind') === 'Service' ? ofService : text(read(port, 'protocol'))
  return /^(http2?|http_proxy|grpc(-web)?)(-|$)|^kubernetes\.io\/(h2c|ws)$/i.test(said)
}

/** A ServiceEntry without an address is on the wildcard's listener, and so is one with a range, beside its addresses. */
function isFloating(service: unknown, addresses: readonly string[]): boolean {
  const written = list(read(service, 'spec', 'addresses')).map(text)
  const hasRange = written.some((address) => address.includes('/') && !/\/(32|128)$/.test(address))
  return read(service, 'kind') === 'ServiceEntry' && (addresses.length === 0 || hasRange)
}

function vouchedPorts(mesh: View): readonly unknown[] {
  return settingsOf(mesh).flatMap((object) => list(read(object, 'spec', 'matchByPort')))
}
