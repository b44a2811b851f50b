import {
  below,
  type Context,
  type Diagnostic,
  error,
  fail,
  type L7Port,
  type Outcome,
  ok,
  type Place,
  warning,
} from 'meltemi'
import { annotationLayer } from './annotations.ts'
import type { ServiceSettings, ThriftConfig } from './config.ts'

export type Transport = 'AUTO' | 'FRAMED' | 'UNFRAMED' | 'HEADER'
export type Protocol = 'AUTO' | 'BINARY' | 'LAX_BINARY' | 'COMPACT'

/** What can be said of one service. Absent: Envoy's own default. */
export interface Settings {
  readonly transport?: Transport
  readonly protocol?: Protocol
  readonly upstreamTransport?: Transport
  readonly upstreamProtocol?: Protocol
  readonly payloadPassthrough?: boolean
  readonly maxRequestsPerConnection?: number
  readonly accessLog?: boolean
  readonly stripServiceName?: boolean
  readonly headerToMetadata?: readonly HeaderRule[]
}

export interface HeaderRule {
  readonly header: string
  readonly namespace?: string
  readonly key?: string
  readonly missing?: string
  readonly remove?: boolean
}

/** Settings of one origin, and where each of them is written. */
export interface Layer {
  readonly settings: Settings
  readonly placeOf: (name: keyof Settings) => Place
}

/** The settings of one port, each from whoever has the last word. */
export interface PortSettings extends Settings {
  readonly placeOf: (name: keyof Settings) => Place | undefined
}

/**
 * Three may say it, the last word first: the functionConfig for this service, annotations of the service, the
 * functionConfig for all. A combination that Envoy cannot do is an error at the setting.
 */
export function settingsOf(
  port: L7Port,
  context: Pick<Context<ThriftConfig>, 'config' | 'configPlace'>,
): Outcome<PortSettings> {
  const annotations = annotationLayer(port)
  const layers = [...configLayers(port, context), annotations.layer, ...defaultLayer(context)]
  let merged: Settings = {}
  for (const layer of layers.toReversed()) merged = { ...merged, ...layer.settings }
  const placeOf = (name: keyof Settings) => layers.find(({ settings }) => settings[name] !== undefined)?.placeOf(name)
  const settings: PortSettings = { ...merged, placeOf }
  const problems = [...annotations.problems, ...combinations(settings, port)]
  return problems.length > 0 ? fail(problems) : ok(settings)
}

/** Of a host and its port before those of the whole host. */
function configLayers(
  port: L7Port,
  { config, configPlace }: Pick<Context<ThriftConfig>, 'config' | 'configPlace'>,
): readonly Layer[] {
  if (configPlace === undefined) return []
  const list = below(configPlace, 'services')
  const fitting = (config.services ?? [])
    .map((service, index) => ({ service, place: below(list, index) }))
    .filter(({ service }) => service.host === port.hostname && (service.port ?? port.number) === port.number)
  return fitting
    .toSorted((a, b) => Number(b.service.port !== undefined) - Number(a.service.port !== undefined))
    .map(({ service, place }) => layerOf(service, place))
}

function defaultLayer({
  config,
  configPlace,
}: Pick<Context<ThriftConfig>, 'config' | 'configPlace'>): readonly Layer[] {
  if (configPlace === undefined) return []
  const { inbound: _, services: __, ...settings } = config
  return [layerOf(settings, configPlace)]
}

function layerOf(fields: Settings | ServiceSettings, place: Place): Layer {
  const { host: _, port: __, ...settings }: Partial<ServiceSettings> = fields
  return { settings, placeOf: (name) => below(place, name) }
}

function combinations(settings: PortSettings, port: L7Port): readonly Diagnostic[] {
  const { payloadPassthrough, transport = 'AUTO', protocol = 'AUTO', upstreamProtocol = 'AUTO' } = settings
  const refused = (name: keyof Settings, reason: string) => {
    const written = settings.placeOf(name)
    // An error at the functionConfig would say that nothing was rendered; this costs the one port.
    return error(written?.source === port.place.source ? written : port.place, `\`${name}\` cannot be: ${reason}`)
  }
  const problems: Diagnostic[] = []
  if (payloadPassthrough === true && transport === 'UNFRAMED') {
    const reason = 'without frames Envoy finds the end of a call only by decoding it; use `transport` FRAMED or HEADER'
    problems.push(refused('payloadPassthrough', reason))
  }
  if (payloadPassthrough === true && upstreamProtocol !== 'AUTO' && upstreamProtocol !== protocol) {
    const reason = `a body that is not decoded cannot be turned into ${upstreamProtocol}; leave one of the two out`
    problems.push(refused('payloadPassthrough', reason))
  }
  if ((settings.headerToMetadata ?? []).length > 0 && (transport === 'FRAMED' || transport === 'UNFRAMED'))
    problems.push(refused('headerToMetadata', `calls of the ${transport} transport have no headers`))
  return problems
}

/** Services of the functionConfig that have no effect: it names no Thrift port, or names it again. */
export function idleServices(
  ports: readonly L7Port[],
  { config, configPlace }: Context<ThriftConfig>,
): readonly Diagnostic[] {
  if (configPlace === undefined) return []
  const list = below(configPlace, 'services')
  const seen = new Map<string, number>()
  const hosts = listed(ports.map(({ hostname }) => hostname))
  const withPorts = listed(ports.map(({ hostname, number }) => `${hostname}:${number}`))
  return (config.services ?? []).flatMap(({ host, port }, index) => {
    const place = below(below(list, index), 'host')
    const name = port === undefined ? host : `${host}:${port}`
    const twin = seen.get(name) ?? index
    seen.set(name, twin)
    if (twin !== index)
      return [
        warning(place, `names ${name} again: \`services[${twin}]\` wins where both say something`, {
          currentValue: host,
        }),
      ]
    if (ports.some(({ hostname, number }) => hostname === host && (port ?? number) === number)) return []
    const names = port === undefined ? hosts : withPorts
    return [warning(place, `has no effect: ${name} is no Thrift port of the list; ${names}`, { currentValue: host })]
  })
}

/** The first few: each service that has no effect says them. */
function listed(names: readonly string[]): string {
  const [first, second, third, ...others] = new Set(names)
  if (first === undefined) return 'there is none'
  const few = [first, second, third].filter((name) => name !== undefined).join(', ')
  return `there are ${few}${others.length === 0 ? '' : ` and ${others.length} more`}`
}
