import { all, at, chain, type Diagnostic, error, fail, type L7Port, map, type Outcome, ok } from 'meltemi'

/** What a Dubbo call is addressed to. Dubbo calls the same triple a service key. */
export interface ServiceKey {
  /** A Java interface, or `*`, `prefix*`, `*suffix`, as Envoy's RouteConfiguration has it. */
  readonly interface: string
  /** Absent: any. */
  readonly group?: string
  readonly version?: string
}

/** A port and the key under which its routes stand. */
export interface Declaration {
  readonly port: L7Port
  readonly key: ServiceKey
}

/** Every interface: what a port without an `interface` annotation serves. */
export const EVERY_INTERFACE = '*'

const IDENTIFIER = '[A-Za-z_$][A-Za-z0-9_$]*'
const JAVA_NAME = new RegExp(`^${IDENTIFIER}(\\.${IDENTIFIER})*$`)
// A wildcard stands for what follows a prefix or goes before a suffix, which Envoy wants non-empty.
const WILDCARD = /^([A-Za-z0-9_$.]+\*|\*[A-Za-z0-9_$.]*)$/

/** Reads the annotations `interface`, `group` and `version` of the Service or ServiceEntry. */
export function readServiceKey(port: L7Port): Outcome<ServiceKey> {
  const group = readPart(port, 'group')
  const version = readPart(port, 'version')
  return chain(readInterface(port), (name) =>
    map(all([group, version]), ([groupValue, versionValue]) => ({
      interface: name,
      ...(groupValue === undefined ? {} : { group: groupValue }),
      ...(versionValue === undefined ? {} : { version: versionValue }),
    })),
  )
}

function readInterface(port: L7Port): Outcome<string> {
  const value = port.annotations.interface
  if (value === undefined) return ok(EVERY_INTERFACE)
  if (JAVA_NAME.test(value) || WILDCARD.test(value)) return ok(value)
  const message =
    `must be one Java interface name such as \`org.example.OrderService\` (or \`*\`, \`org.example.*\`), not ${JSON.stringify(value)}: ` +
    'group and version have annotations of their own, and each interface has a ServiceEntry of its own'
  return fail([annotationError(port, 'interface', value, message)])
}

function readPart(port: L7Port, name: 'group' | 'version'): Outcome<string | undefined> {
  const value = port.annotations[name]
  if (value === undefined) return ok(undefined)
  if (/^[^\s*]+$/.test(value)) return ok(value)
  const message = `must be the exact \`${name}\` of the provider, without spaces or wildcards (Envoy compares it letter for letter), not ${JSON.stringify(value)}; leave the annotation out to mean any`
  return fail([annotationError(port, name, value, message)])
}

function annotationError(port: L7Port, name: string, value: string, message: string): Diagnostic {
  return error(at(port.place.source, `metadata.annotations.${name}`), message, { currentValue: value })
}

export function describeKey(key: ServiceKey): string {
  const group = key.group === undefined ? '' : `${key.group}/`
  return `${group}${key.interface}${key.version === undefined ? '' : `:${key.version}`}`
}
