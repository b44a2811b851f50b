import { at, type Diagnostic, error, type L7Port, type Place, unknownField } from 'meltemi'
import type { Layer, Settings } from './settings.ts'

/** In front of the names of annotations that carry settings. */
const PREFIX = 'thrift.meltemi.dev/'

/** How the text of an annotation becomes a setting; `undefined`: it is not what `rule` says. */
interface Reader {
  readonly name: keyof Settings
  readonly rule: string
  readonly read: (text: string) => Settings | undefined
}

const transports = ['AUTO', 'FRAMED', 'UNFRAMED', 'HEADER'] as const
const protocols = ['AUTO', 'BINARY', 'LAX_BINARY', 'COMPACT'] as const

const readers: Readonly<Record<string, Reader>> = {
  transport: oneOf('transport', transports, (transport) => ({ transport })),
  protocol: oneOf('protocol', protocols, (protocol) => ({ protocol })),
  'upstream-transport': oneOf('upstreamTransport', transports, (upstreamTransport) => ({ upstreamTransport })),
  'upstream-protocol': oneOf('upstreamProtocol', protocols, (upstreamProtocol) => ({ upstreamProtocol })),
  'payload-passthrough': flag('payloadPassthrough', (payloadPassthrough) => ({ payloadPassthrough })),
  'access-log': flag('accessLog', (accessLog) => ({ accessLog })),
  'strip-service-name': flag('stripServiceName', (stripServiceName) => ({ stripServiceName })),
  'max-requests-per-connection': {
    name: 'maxRequestsPerConnection',
    rule: 'an integer from 1 to 4294967295, in quotes',
    read: (text) => {
      const maxRequestsPerConnection = Number(text)
      const isCount = /^[1-9]\d{0,9}$/.test(text) && maxRequestsPerConnection <= 4294967295
      return isCount ? { maxRequestsPerConnection } : undefined
    },
  },
}

function oneOf<const V extends string>(
  name: keyof Settings,
  values: readonly V[],
  settings: (value: V) => Settings,
): Reader {
  return {
    name,
    rule: `one of ${values.join(', ')}`,
    read: (text) => {
      const value = values.find((one) => one === text)
      return value === undefined ? undefined : settings(value)
    },
  }
}

function flag(name: keyof Settings, settings: (value: boolean) => Settings): Reader {
  const read = (text: string) => (text === 'true' || text === 'false' ? settings(text === 'true') : undefined)
  return { name, rule: '"true" or "false", in quotes', read }
}

/** The settings that a Service or ServiceEntry holds in its annotations, for all of its Thrift ports. */
export function annotationLayer(port: L7Port): { readonly layer: Layer; readonly problems: readonly Diagnostic[] } {
  const problems: Diagnostic[] = []
  const places = new Map<keyof Settings, Place>()
  let settings: Settings = {}
  for (const [key, text] of Object.entries(port.annotations)) {
    if (!key.startsWith(PREFIX)) continue
    const place = at(port.place.source, `metadata.annotations[${JSON.stringify(key)}]`)
    const reader = readers[key.slice(PREFIX.length)]
    const read = reader?.read(text)
    if (reader === undefined) {
      problems.push(
        unknownField(
          place,
          key,
          Object.keys(readers).map((name) => `${PREFIX}${name}`),
        ),
      )
    } else if (read === undefined) {
      problems.push(error(place, `must be ${reader.rule}, not "${text}"`, { currentValue: text }))
    } else {
      settings = { ...settings, ...read }
      places.set(reader.name, place)
    }
  }
  return { layer: { settings, placeOf: (name) => places.get(name) ?? port.place }, problems }
}
