import { list, read, text, type View } from '../view.ts'
import { hostsOf, isSameHost, isService } from './sources.ts'

/** Whether what speaks for a host of one service, such as a VirtualService, names a host of the other below. */
export function isDestination(from: unknown, to: unknown, { items }: View): boolean {
  const objects = items.map(({ value }) => value).filter((value) => !isService(value))
  return objects.some((object) => {
    const { host, hosts, ...below } = Object(read(object, 'spec'))
    const claimed = texts([host, hosts]).map((one) => expanded(one, object))
    const named = [...hostsBelow(below)].map((one) => expanded(one, object))
    return (
      hostsOf(from).some((one) => claimed.some((claim) => covers(claim, one))) &&
      hostsOf(to).some((one) => named.some((other) => isSameHost(one, other)))
    )
  })
}

/** Every `host` and `hosts`, however deep. */
function* hostsBelow(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'host' || key === 'hosts') yield* texts([inner])
    else yield* hostsBelow(inner)
  }
}

/** A host is said by itself or in a list. */
function texts(values: readonly unknown[]): readonly string[] {
  return values.flatMap((value) => (Array.isArray(value) ? list(value) : [value])).map(text)
}

/** A name without a dot is a Service's of the object's own namespace. */
function expanded(host: string, object: unknown): string {
  const namespace = text(read(object, 'metadata', 'namespace')) || 'default'
  return host.includes('.') || host.startsWith('*') ? host : `${host}.${namespace}.svc.`
}

function covers(claim: string, host: string): boolean {
  // A Service's host leaves the domain open, so that a wildcard may fit what is not written.
  return claim.startsWith('*') ? host.endsWith('.svc.') || host.endsWith(claim.slice(1)) : isSameHost(claim, host)
}
